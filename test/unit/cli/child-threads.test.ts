import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkout } from "../../../cli/checkout.js";

type Environment = Record<string, string | undefined>;

/** The module has no types: Node runs it without TypeScript. */
interface ThreadsModule {
  withThreads(environment: Readonly<Environment>): Environment;
  startThreads(environment: Environment): Promise<void>;
}

describe("the threads of a child process", () => {
  let threads: ThreadsModule;
  before(async () => {
    threads = (await import(pathToFileURL(join(checkout, "cli/child-threads.mjs")).href)) as ThreadsModule;
  });

  it("are 64, or as many as the environment names, and the child's own environment is as it was", async () => {
    for (const [own, size] of [
      [undefined, "64"],
      ["8", "64"],
      ["many", "64"],
      ["128", "128"],
    ] as const) {
      const before = own === undefined ? { PATH: "/bin" } : { PATH: "/bin", UV_THREADPOOL_SIZE: own };
      const environment = threads.withThreads(before);
      assert.equal(environment.UV_THREADPOOL_SIZE, size);
      await threads.startThreads(environment);
      assert.deepEqual(environment, before);
    }
  });
});
