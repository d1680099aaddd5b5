/**
 * A test runner of a few lines for the suites inside the editor. The same file runs in the Node host and in the web
 * worker, where neither `process` nor a module loader exists: that is why it is not mocha.
 */

type Test = { readonly name: string; readonly body: () => unknown; readonly milliseconds: number };

const tests: Test[] = [];
const path: string[] = [];

/** Groups the tests that `body` declares. */
export function describe(name: string, body: () => void): void {
  path.push(name);
  body();
  path.pop();
}

/** Declares a test; it fails when `body` throws, rejects, or takes longer than `milliseconds`. */
export function it(name: string, body: () => unknown, milliseconds = 20_000): void {
  tests.push({ name: [...path, name].join(' › '), body, milliseconds });
}

/** Says that a test cannot run on this machine, and why. */
export function leaveOut(name: string, reason: string): void {
  say(`left out - ${[...path, name].join(' › ')}: ${reason}`);
}

/** Starts every message of a run, so that the harness finds them among the editor's own noise. */
export const suiteMark = 'plimsoll-suite ';

function say(text: string): void {
  console.log(suiteMark + text);
}

/**
 * Runs what was declared, in order; this is the `run()` that the editor calls. Rejects when a test failed.
 * @public imported by the entry that `buildEditorSuite` makes
 */
export async function runSuites(): Promise<void> {
  let failed = 0;
  for (const test of tests) {
    const started = Date.now();
    try {
      await withinTime(test);
      say(`ok - ${test.name} (${Date.now() - started} ms)`);
    } catch (error) {
      failed++;
      say(`not ok - ${test.name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  const hostKind = 'process' in globalThis ? 'node' : 'web';
  say(JSON.stringify({ passed: tests.length - failed, failed, hostKind }));
  if (tests.length === 0) throw new Error('The suite declares no test.');
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed.`);
}

async function withinTime({ body, milliseconds }: Test): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not finished after ${milliseconds} ms.`)), milliseconds);
  });
  try {
    await Promise.race([Promise.resolve().then(body), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after `milliseconds`. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/**
 * Runs `check` again and again until it no longer throws, and gives its result.
 * Rejects with its last error after `milliseconds`.
 */
export async function eventually<T>(check: () => T | Promise<T>, milliseconds = 10_000): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(50);
  }
}

function show(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value, undefined, 2);
}

function fail(message: string, detail: string): never {
  throw new Error(`${message === '' ? '' : `${message}\n`}${detail}`);
}

type Assert = {
  ok(value: unknown, message?: string): asserts value;
  equal<T>(actual: T, expected: T, message?: string): void;
  deepEqual<T>(actual: T, expected: T, message?: string): void;
  match(actual: string, pattern: RegExp, message?: string): void;
};

/** The few assertions that the suites need; `deepEqual` compares as JSON, so plain data only. */
export const assert: Assert = {
  ok(value: unknown, message = '') {
    if (!value) fail(message, `${show(value)} is not truthy`);
  },
  equal<T>(actual: T, expected: T, message = ''): void {
    if (!Object.is(actual, expected)) fail(message, `actual:   ${show(actual)}\nexpected: ${show(expected)}`);
  },
  deepEqual<T>(actual: T, expected: T, message = ''): void {
    if (show(actual) !== show(expected)) fail(message, `actual:   ${show(actual)}\nexpected: ${show(expected)}`);
  },
  match(actual: string, pattern: RegExp, message = ''): void {
    if (!pattern.test(actual)) fail(message, `${show(actual)} does not match ${pattern}`);
  },
};
