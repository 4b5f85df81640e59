import { sleep } from "../lib/sleep.js";
import type { ReadinessProbe } from "./readiness-probe.js";

/** The probe of one process, and the callback for changes of its readiness. */
export interface ReadinessWatchArgs {
  /** `undefined` when the container declares no probe: it is ready as soon as it runs. */
  readonly probe: Pick<ReadinessProbe, "period" | "failures"> | undefined;
  /** Asks once. */
  readonly ask: () => Promise<boolean>;
  /** Told the first state and every change. */
  readonly tell: (ready: boolean) => Promise<void>;
  /** Aborted when the process is gone. */
  readonly gone: AbortSignal;
  /** ms between two probes until it is ready: the probe's whole period would be too long a wait. @default 100 */
  readonly eager?: number;
}

/**
 * Follows the readiness of a process until it is gone: the first success makes it ready, as many failures in a row as
 * the probe says make it unready again.
 */
export async function watchReadiness({ probe, ask, tell, gone, eager = 100 }: ReadinessWatchArgs): Promise<void> {
  let ready = probe === undefined;
  await tell(ready);
  if (probe === undefined) return;
  for (let failures = 0; !gone.aborted; ) {
    const ok = await ask();
    failures = ok ? 0 : failures + 1;
    const now = ok || (ready && failures < probe.failures);
    if (now !== ready && !gone.aborted) {
      ready = now;
      await tell(ready);
    }
    await sleep(ready ? probe.period : eager, gone);
  }
}
