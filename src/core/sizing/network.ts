/** The largest window without scaling (RFC 7323). */
const unscaledWindow = 65_535;

export interface BandwidthDelay {
  readonly bytes: number;
  readonly needsWindowScaling: boolean;
}

/** The window that fills a link: bandwidth × round trip ÷ 8 bits (RFC 6349 section 3.2). */
export function bandwidthDelay(bitsPerSecond: number, roundTripMs: number): BandwidthDelay {
  const bytes = (bitsPerSecond * roundTripMs) / 8000;
  return { bytes, needsWindowScaling: bytes > unscaledWindow };
}

/** What a window lets through, in bits a second: window × 8 ÷ round trip (RFC 6349). */
export function windowRate(windowBytes: number, roundTripMs: number): number {
  return (windowBytes * 8000) / roundTripMs;
}

/** √(3 ÷ 2): loss at regular distances, every segment acknowledged. */
const mathisConstant = Math.sqrt(1.5);

/**
 * What loss lets through, in bits a second: segment × 8 ÷ round trip × √(3 ÷ 2) ÷ √loss. Holds for congestion control by
 * loss (Reno, CUBIC) and small loss, not for BBR (Mathis, Semke, Mahdavi, Ott 1997).
 */
export function lossRate(segmentBytes: number, roundTripMs: number, loss: number): number {
  return ((segmentBytes * 8000) / roundTripMs) * (mathisConstant / Math.sqrt(loss));
}

export interface TcpPath {
  readonly bitsPerSecond: number;
  readonly roundTripMs: number;
  readonly windowBytes: number;
  readonly segmentBytes: number;
  /** Share of segments lost, 0 to 1. */
  readonly loss: number;
}

export interface TcpRate {
  readonly bitsPerSecond: number;
  readonly limitedBy: 'bandwidth' | 'window' | 'loss';
}

/**
 * min(bandwidth, window ÷ round trip, what loss lets through): an upper bound for one connection in the steady state (RFC
 * 6349; Mathis).
 */
export function tcpRate({ bitsPerSecond, roundTripMs, windowBytes, segmentBytes, loss }: TcpPath): TcpRate {
  const byWindow = windowRate(windowBytes, roundTripMs);
  const byLoss = loss > 0 ? lossRate(segmentBytes, roundTripMs, loss) : Number.POSITIVE_INFINITY;
  const rate = Math.min(bitsPerSecond, byWindow, byLoss);
  const limitedBy = rate === bitsPerSecond ? 'bandwidth' : rate === byWindow ? 'window' : 'loss';
  return { bitsPerSecond: rate, limitedBy };
}

export interface EphemeralPorts {
  /** Connections to one destination address and port at once. */
  readonly ports: number;
  /** Connections a second to it while each port rests 60 s in TIME-WAIT. */
  readonly connectionsPerSecond: number;
}

/** high − low + 1, of `net.ipv4.ip_local_port_range`; 32768 to 60999 unless said otherwise (kernel ip-sysctl.rst). */
export function ephemeralPorts(low = 32_768, high = 60_999): EphemeralPorts {
  const ports = high - low + 1;
  return { ports, connectionsPerSecond: ports / 60 };
}

const conntrackCap = 1_048_576;

/**
 * `nf_conntrack_max` as kube-proxy sets it: max(least, cores × per core), 1048576 at most; 0, for no change, where the
 * share per core is 0 (kubernetes v1.36 pkg/proxy/conntrack/sysctls.go:109).
 */
export function conntrackMax(cores: number, perCore = 32_768, least = 131_072): number {
  return perCore > 0 ? Math.min(conntrackCap, Math.max(least, cores * perCore)) : 0;
}
