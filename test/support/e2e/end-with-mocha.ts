/** ms between two looks for the process that started the tests. */
const interval = 500;

/**
 * Has the run end like one that a terminal interrupts, with all of mocha's workers, in two further cases: when SIGTERM
 * reaches this process, and when its parent has ended. The command `mocha` starts another process, which runs the tests,
 * and passes only SIGINT on to that. A parent's end shows in no event, so this process looks for it.
 */
export function endWithMocha(): void {
  const interrupt = () => process.kill(process.pid, "SIGINT");
  process.once("SIGTERM", interrupt);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    interrupt();
  }, interval);
  watch.unref();
}
