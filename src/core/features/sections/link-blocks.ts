import { articleTcp } from '../../sizing/article.ts';
import { bandwidthDelay, conntrackMax, ephemeralPorts, lossRate, tcpRate, windowRate } from '../../sizing/network.ts';
import { bytes, grouped, nano } from '../explain.ts';
import type { Certainty, Figure } from '../load-view.ts';
import type { Block, LabelledFigure } from './section-view.ts';

/** The most that Linux lets a receive window grow to by itself, in bytes (`net.ipv4.tcp_rmem`, before 6.17). */
const receiveBuffer = 6 << 20;
/** The same of the send window (`net.ipv4.tcp_wmem`). */
const sendBuffer = 4 << 20;
/** Of IPv4 over Ethernet. */
const segmentBytes = 1460;

interface Link {
  readonly roundTrip: number;
  readonly megabits: number;
  /** Share of segments, 0 to 1. */
  readonly loss: number;
  /** Of the node that pods run on; undefined for services of a host. */
  readonly cpus: number | undefined;
}

/** What fills the link, and the article's formula. */
export function linkBlocks({ roundTrip, megabits, loss, cpus }: Link): readonly Block[] {
  const bits = megabits * 1e6;
  const { bytes: full, needsWindowScaling } = bandwidthDelay(bits, roundTrip);
  const { rateBitsPerSecond, windowBitsPerSecond, limitedBy } = articleTcp({
    receiveWindowBytes: receiveBuffer,
    roundTripSeconds: roundTrip / 1000,
    bandwidthBitsPerSecond: bits,
  });
  const connection = tcpRate({
    bitsPerSecond: bits,
    roundTripMs: roundTrip,
    windowBytes: receiveBuffer,
    segmentBytes,
    loss,
  });
  const window = size(receiveBuffer);
  const figure = (text: string, certainty: Certainty, explanation: readonly string[]): Figure => ({
    text,
    certainty,
    explanation,
    fields: [],
  });
  const scaling = needsWindowScaling
    ? 'More than 65,535 bytes: it takes window scaling, which Linux has switched on.'
    : 'It fits a window without scaling.';
  const buffers = (name: string, most: number) =>
    full <= most
      ? `${name} lets it grow to ${size(most)}: enough.`
      : `${name} lets it grow to ${size(most)} only: one connection cannot fill the link.`;
  const filledIn = `min(${window} × 8 ÷ ${rounded(roundTrip)} ms, ${rate(bits)}) = min(${rate(windowBitsPerSecond)}, ${rate(bits)})`;
  const remark =
    'A rate and a time cannot be added. What is meant is read as the receive window over the round trip: one connection sends no more than a window each round trip, and no more than the link takes ' +
    `(RFC 6349). Here the ${limitedBy} decides.`;
  return [
    {
      kind: 'figures',
      items: [
        {
          label: 'bandwidth × round trip',
          figure: figure(size(full), 'exact', [
            `${rate(bits)} × ${rounded(roundTrip)} ms ÷ 8 = ${size(full)}: what is under way on a full link`,
            scaling,
          ]),
        },
        {
          label: 'socket buffers for it',
          figure: figure(full <= sendBuffer ? 'Linux’s own' : 'to be raised', 'rule of thumb', [
            buffers('tcp_rmem', receiveBuffer),
            buffers('tcp_wmem', sendBuffer),
            'The defaults of a machine with enough memory; SO_RCVBUF and SO_SNDBUF of the program switch their growth off.',
          ]),
        },
        {
          label: 'one connection',
          figure: figure(rate(connection.bitsPerSecond), 'estimate', [
            `link ${rate(bits)}, window ${window} ÷ ${rounded(roundTrip)} ms = ${rate(windowRate(receiveBuffer, roundTrip))}`,
            loss > 0
              ? `loss: ${segmentBytes} bytes ÷ ${rounded(roundTrip)} ms × √1.5 ÷ √${rounded(loss)} = ${rate(lossRate(segmentBytes, roundTrip, loss))} (Mathis; by loss, not BBR)`
              : 'No loss is assumed.',
            `The least counts: the ${connection.limitedBy}.`,
          ]),
        },
        ...connectionFigures(cpus, figure),
      ],
    },
    {
      kind: 'formula',
      formula: 'TCP_send_rate = min(TCP_receive_rate + TCP_delay, TCP_bandwidth)',
      filledIn,
      result: figure(rate(rateBitsPerSecond), 'rule of thumb', [
        'TCP_send_rate = min(TCP_receive_rate + TCP_delay, TCP_bandwidth)',
        `read as ${filledIn} = ${rate(rateBitsPerSecond)}`,
        `The receive window is Linux’s most, ${window} (tcp_rmem).`,
        remark,
      ]),
      remark,
    },
  ];
}

/** What bounds the number of connections rather than their rate. */
function connectionFigures(
  cpus: number | undefined,
  figure: (text: string, certainty: Certainty, explanation: readonly string[]) => Figure,
): readonly LabelledFigure[] {
  const { ports, connectionsPerSecond } = ephemeralPorts();
  const tracked = cpus === undefined ? undefined : conntrackMax(cpus);
  return [
    {
      label: 'connections to one address',
      figure: figure(whole(ports), 'exact', [
        '60999 − 32768 + 1 ports of ip_local_port_range, for each address and port that is called',
        `Closed ones rest for 60 s: ${whole(connectionsPerSecond)} new ones a second, unless connections are kept open.`,
      ]),
    },
    ...(tracked === undefined
      ? []
      : [
          {
            label: 'tracked connections of a node',
            figure: figure(whole(tracked), 'estimate', [
              `kube-proxy: max(131072, 32768 × ${cpus} CPUs, assumed), 1048576 at most; beyond it packets are dropped`,
            ]),
          },
        ]),
  ];
}

function whole(value: number): string {
  return grouped(BigInt(Math.floor(value)) * nano);
}

/** Three decimals at most, in groups of three. */
export function rounded(value: number): string {
  return grouped(BigInt(Math.round(value * 1000)) * 1_000_000n);
}

export function size(value: number): string {
  return bytes(BigInt(Math.round(value)) * nano);
}

export function rate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e9) return `${Math.round(bitsPerSecond / 1e7) / 100} Gbit/s`;
  if (bitsPerSecond >= 1e6) return `${Math.round(bitsPerSecond / 1e4) / 100} Mbit/s`;
  return `${rounded(bitsPerSecond / 1e3)} kbit/s`;
}
