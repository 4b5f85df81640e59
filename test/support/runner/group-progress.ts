import { duration } from "@fleet/sandbox/toolchain/progress";

/** Tells how far a run is: which of how many groups begins or has ended, and the time since the run began. */
export class GroupProgress {
  #begun = 0;

  /**
   * @param total groups of the run
   * @param say told each line
   * @param elapsed ms since the run began
   */
  constructor(
    private readonly total: number,
    private readonly say: (line: string) => void,
    private readonly elapsed: () => number,
  ) {}

  /**
   * A group begins: `[3/27] test/e2e/fleet/destroy.test.ts begins`.
   * @returns to be called with its result when it has ended: `[3/27] …: 5 passed, 0 failed, 48 s (12 min 3 s in all)`
   */
  begin(name: string): (result: string) => void {
    this.#begun += 1;
    const which = `[${this.#begun}/${this.total}] ${name}`;
    const began = this.elapsed();
    this.say(`${which} begins`);
    return (result) => {
      const ended = this.elapsed();
      this.say(`${which}: ${result}, ${duration((ended - began) / 1000)} (${duration(ended / 1000)} in all)`);
    };
  }
}
