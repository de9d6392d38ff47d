/** For each of some servers: the tick from which its throughput counts, and how many passed since. */
export interface Throughput {
  readonly since: Int32Array;
  readonly count: Int32Array;
}

/**
 * Whether one more may pass a server that lets pass `perTick` a decision interval at most; then they are counted. The first passes at once, the next
 * when their time has come by the exact rate, so that the mean holds to the end however the rate fits the ticks; a server that stood idle begins anew.
 */
export function spendCredit(counts: Throughput, server: number, tick: number, perTick: number): boolean {
  const { since, count } = counts;
  const due = since[server] + count[server] / perTick;
  if (tick < due - 1e-9) return false;
  if (count[server] === 0 || tick >= due + 1) {
    since[server] = tick;
    count[server] = 1;
  } else count[server]++;
  return true;
}

/** Counts somebody who passed unasked: those behind wait longer for it. */
export function countUnasked(counts: Throughput, server: number, tick: number, perTick: number): void {
  if (!spendCredit(counts, server, tick, perTick)) counts.count[server]++;
}
