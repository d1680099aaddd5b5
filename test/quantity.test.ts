import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseComposeCpus, parseDockerCpus, parseHumanSize, parseRamInBytes } from '../src/core/quantity/compose.ts';
import { formatBytes, formatCpu, formatHumanBytes } from '../src/core/quantity/display.ts';
import {
  addQuantities,
  compareQuantities,
  formatKubernetesQuantity,
  hasFractionalBytes,
  type KubernetesQuantity,
  maxQuantity,
  milliValue,
  parseKubernetesQuantity,
  parseQuantityField,
  type QuantityFormat,
  quantityOf,
  quantityOfMilli,
  roundUpQuantity,
  subtractQuantities,
  wholeValue,
} from '../src/core/quantity/kubernetes.ts';
import { quantity } from './support/resources.ts';
import { runVectors } from './support/vectors.ts';

type QuantityInput =
  | { readonly text: string; readonly scale?: number; readonly resource?: string }
  | { readonly value: string; readonly format: QuantityFormat }
  | { readonly milli: number; readonly format: QuantityFormat }
  | { readonly a: string; readonly b: string; readonly op?: 'add' | 'sub' }
  | { readonly json: string };

interface QuantityExpected {
  readonly error?: true;
  readonly value?: string;
  readonly format?: string;
  readonly canonical?: string;
  readonly exact?: boolean;
  readonly cmp?: number;
  readonly valueInt?: string;
  readonly milliValue?: string | null;
  readonly warning?: boolean;
  readonly effectiveBytes?: string;
}

/** A decimal number's text as nano. */
function nano(text: string): bigint {
  return quantity(text).nano;
}

function resultOf(input: QuantityInput, expected: QuantityExpected): KubernetesQuantity {
  if ('value' in input) return { nano: nano(input.value), format: input.format };
  if ('milli' in input) return quantityOfMilli(BigInt(input.milli), input.format);
  if ('a' in input) {
    const combine = input.op === 'sub' ? subtractQuantities : addQuantities;
    return combine(quantity(input.a), quantity(input.b));
  }
  if ('json' in input) {
    const json = input.json.trim();
    const parsed = parseQuantityField(json.startsWith('"') ? JSON.parse(json) : json);
    assert.ok(parsed.ok);
    return parsed.quantity;
  }
  if (input.scale === undefined) return quantity(input.text);
  const rounded = roundUpQuantity(quantity(input.text), input.scale);
  assert.equal(rounded.exact, expected.exact);
  return rounded.quantity;
}

runVectors<QuantityInput, QuantityExpected>('quantities', 354, (input, expected) => {
  if (expected.error) {
    assert.ok('text' in input);
    assert.equal(parseKubernetesQuantity(input.text).ok, false);
    return;
  }
  const result = resultOf(input, expected);
  const { value, format, canonical, cmp, valueInt, milliValue: milli, warning, effectiveBytes } = expected;
  if (value !== undefined) assert.equal(result.nano, nano(value));
  if (format !== undefined) assert.equal(result.format, format);
  if (canonical !== undefined) assert.equal(formatKubernetesQuantity(result), canonical);
  if (valueInt !== undefined) assert.equal(wholeValue(result), BigInt(valueInt));
  if (effectiveBytes !== undefined) assert.equal(wholeValue(result), BigInt(effectiveBytes));
  if (warning !== undefined) assert.equal(hasFractionalBytes(result), warning);
  if (cmp !== undefined && 'a' in input)
    assert.equal(Math.sign(compareQuantities(quantity(input.a), quantity(input.b))), cmp);
  // Null marks what does not fit Go's 64 bits; here it is exact all the same.
  if (milli === null) assert.ok(milliValue(result) > 2n ** 63n);
  else if (milli !== undefined) assert.equal(milliValue(result), BigInt(milli));
});

describe('Kubernetes quantities', () => {
  const formats = fc.constantFrom<QuantityFormat>('BinarySI', 'DecimalSI', 'DecimalExponent');
  /** Quantities as parsing gives them: binary ones are within 2⁶³−1, and not between 0 and 1. */
  const quantities = fc
    .tuple(fc.bigInt(-(10n ** 27n), 10n ** 27n), formats)
    .map(([nano, format]): KubernetesQuantity => ({ nano, format: nano === 0n ? 'DecimalSI' : format }));

  it('says what is wrong with a text', () => {
    const reasonOf = (text: string) => {
      const parsed = parseKubernetesQuantity(text);
      return parsed.ok ? 'none' : `${parsed.reason} ${parsed.suffix}`.trim();
    };
    const texts = ['', ' 1', '100 m', 'Gi', '.', '1,5', '512MB', '1K', '1.1.M', '1e99999', '1e-99999', '1m\n'];
    assert.deepEqual(texts.map(reasonOf), [
      'empty',
      'space',
      'space',
      'number',
      'number',
      'suffix ,5',
      'suffix MB',
      'suffix K',
      'number',
      'range e99999',
      'none',
      'space',
    ]);
    assert.equal(quantity('1e-99999').nano, 1n);
    assert.equal(quantity('0e-99999').nano, 0n);
  });

  it('formats what parses back to the same number, and the same text', () => {
    fc.assert(
      fc.property(quantities, (q) => {
        const text = formatKubernetesQuantity(q);
        const parsed = quantity(text);
        assert.equal(parsed.nano, q.nano);
        // A binary quantity without a binary suffix comes back as a decimal one, and may gain a decimal suffix.
        if (q.format !== 'BinarySI') assert.equal(formatKubernetesQuantity(parsed), text);
      }),
    );
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      '1',
      '0',
      '.',
      '-',
      '+',
      'e',
      'E',
      'Ki',
      'm',
      'k',
      ' ',
      '9999999999',
      'n',
      '½',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        parseKubernetesQuantity(parts.join(''));
      }),
    );
  });

  it('is ordered totally, and the greatest is one of the two', () => {
    fc.assert(
      fc.property(quantities, quantities, quantities, (a, b, c) => {
        assert.equal(Math.sign(compareQuantities(a, b)), -Math.sign(compareQuantities(b, a)) + 0);
        if (compareQuantities(a, b) <= 0 && compareQuantities(b, c) <= 0) assert.ok(compareQuantities(a, c) <= 0);
        const greatest = maxQuantity(a, b);
        assert.ok(greatest === a || greatest === b);
        assert.ok(compareQuantities(greatest, a) >= 0 && compareQuantities(greatest, b) >= 0);
      }),
    );
  });

  it('adds exactly', () => {
    fc.assert(
      fc.property(quantities, quantities, (a, b) => {
        const sum = addQuantities(a, b);
        assert.equal(sum.nano, a.nano + b.nano);
        assert.equal(subtractQuantities(sum, b).nano, a.nano);
      }),
    );
  });

  it('rounds away from zero, by less than a step', () => {
    fc.assert(
      fc.property(quantities, fc.integer({ min: -9, max: 9 }), (q, exponent) => {
        const step = 10n ** BigInt(exponent + 9);
        const { quantity: rounded, exact } = roundUpQuantity(q, exponent);
        const away = q.nano < 0n ? q.nano - rounded.nano : rounded.nano - q.nano;
        assert.ok(away >= 0n && away < step);
        assert.equal(rounded.nano % step, 0n);
        assert.equal(exact, away === 0n);
      }),
    );
  });
});

describe('quantities for reading', () => {
  it('shows CPU in millicores below one core', () => {
    const texts = ['0', '100u', '500m', '999m', '1', '1500m', '2250m', '64', '-500m', '-1.5', '1.23456789'];
    assert.deepEqual(
      texts.map((text) => formatCpu(nano(text))),
      ['0', '0.1m', '500m', '999m', '1', '1.5', '2.25', '64', '-500m', '-1.5', '1.23456789'],
    );
  });

  it('shows bytes as a manifest would', () => {
    const texts = ['256Mi', '1.5Gi', '1G', '1000', '1', '0', '400m'];
    assert.deepEqual(
      texts.map((text) => formatBytes(nano(text))),
      ['256Mi', '1536Mi', '1000000000', '1000', '1', '0', '400m'],
    );
  });

  it('shows bytes for people, marked where digits are left out', () => {
    const texts = ['256Mi', '1.5Gi', '1G', '512M', '1000', '0', '400m', '1023.9999Mi', '1047527424', '-1.5Gi', '12E'];
    assert.deepEqual(
      texts.map((text) => formatHumanBytes(nano(text))),
      [
        '256 MiB',
        '1.5 GiB',
        '≈954 MiB',
        '≈488 MiB',
        '1000 B',
        '0 B',
        '0.4 B',
        '≈1 GiB',
        '999 MiB',
        '-1.5 GiB',
        '≈10.4 EiB',
      ],
    );
  });
});

type ComposeInput =
  | { readonly fn: 'ramInBytes' | 'fromHumanSize'; readonly text: string }
  | { readonly fn: 'dockerCpus'; readonly text: string }
  | { readonly fn: 'suffixTrap'; readonly text: string }
  | { readonly fn: 'composeCpus'; readonly cpus: number };

interface ComposeExpected {
  readonly error?: true;
  readonly bytes?: number | string;
  readonly nanoCPUs?: number;
  readonly quotaMicros?: number;
  readonly periodMicros?: number;
  readonly dockerBytes?: number;
  readonly kubernetesBytesRoundedUp?: number;
  readonly kubernetesWarning?: string;
  readonly kubernetesError?: true;
  readonly kubernetesBytesFor1G?: number;
}

function checkTrap(text: string, expected: ComposeExpected): void {
  assert.deepEqual(parseRamInBytes(text), { ok: true, bytes: BigInt(expected.dockerBytes ?? 0) });
  const parsed = parseKubernetesQuantity(text);
  assert.equal(parsed.ok, expected.kubernetesError === undefined);
  if (!parsed.ok) assert.equal(wholeValue(quantity('1G')), BigInt(expected.kubernetesBytesFor1G ?? 0));
  else {
    assert.equal(wholeValue(parsed.quantity), BigInt(expected.kubernetesBytesRoundedUp ?? 0));
    assert.equal(hasFractionalBytes(parsed.quantity), expected.kubernetesWarning !== undefined);
  }
}

runVectors<ComposeInput, ComposeExpected>(
  'docker-compose',
  67,
  (input, expected) => {
    switch (input.fn) {
      case 'ramInBytes':
      case 'fromHumanSize': {
        const parsed = input.fn === 'ramInBytes' ? parseRamInBytes(input.text) : parseHumanSize(input.text);
        assert.equal(parsed.ok, expected.error === undefined);
        if (parsed.ok) assert.equal(parsed.bytes, BigInt(expected.bytes ?? -1));
        break;
      }
      case 'dockerCpus':
        assert.deepEqual(parseDockerCpus(input.text), expected.nanoCPUs && BigInt(expected.nanoCPUs));
        break;
      case 'composeCpus':
        assert.deepEqual(parseComposeCpus(`${input.cpus}`), BigInt(expected.nanoCPUs ?? -1));
        break;
      case 'suffixTrap':
        checkTrap(input.text, expected);
        break;
    }
  },
  // The rest of this file is about services: see the sizing suite.
  ({ fn }) => ['ramInBytes', 'fromHumanSize', 'dockerCpus', 'composeCpus', 'suffixTrap'].includes(fn),
);

describe('Compose quantities', () => {
  it('refuses what Go refuses', () => {
    for (const text of ['', 'm', '1.2.3', '1 000m', '0x10', '1mbb', '1kbi', '1ki', 'NaN', '1e999', '5e']) {
      assert.equal(parseRamInBytes(text).ok, false, text);
    }
    for (const text of ['', '.', '1/0', '1/3', '1e-10', '1 ', '0x1'])
      assert.equal(parseDockerCpus(text), undefined, text);
    assert.equal(parseComposeCpus('half'), undefined);
  });

  it('accepts what Go accepts', () => {
    assert.deepEqual(parseRamInBytes('1e3'), { ok: true, bytes: 1000n });
    assert.deepEqual(parseRamInBytes('2 GiB'), { ok: true, bytes: 2n << 30n });
    assert.equal(parseDockerCpus('-1.5'), -1_500_000_000n);
    assert.equal(parseDockerCpus('1.5E1'), 15_000_000_000n);
  });

  it('means half a byte, never more, where Kubernetes reads a lower-case m', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (amount) => {
        const docker = parseRamInBytes(`${amount}m`);
        assert.ok(docker.ok);
        assert.equal(docker.bytes, BigInt(amount) << 20n);
        assert.equal(quantityOf(milliValue(quantity(`${amount}m`)), 'DecimalSI').nano, BigInt(amount) * 10n ** 9n);
      }),
    );
  });
});
