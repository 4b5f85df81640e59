import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { withinMemoryLimit } from "../../../flux-runner/memory-limit.js";
import { container } from "../../support/pods.js";

const limited = (memory: string) => container({ resources: { limits: { memory } } });

describe("the memory limit of a controller", () => {
  it("is none where the container has none", () => {
    const args = ["--log-level=info"];
    const unlimited = container({ resources: {} });
    assert.deepEqual(withinMemoryLimit(unlimited, "/bin/helm-controller", args), {
      command: "/bin/helm-controller",
      args,
    });
  });

  it("refuses an amount that is none", () => {
    assert.throws(() => withinMemoryLimit(limited("much"), "/bin/helm-controller", []), /not a quantity/);
  });

  it("is the machine's where that is lower, and the program still runs", () => {
    const { command, args } = withinMemoryLimit(limited("2Gi"), "/bin/sh", ["-c", "ulimit -d"]);
    const lower = ["-c", 'ulimit -d 1000000; exec "$@"', "sh", command, ...args];
    assert.equal(
      execFileSync("/bin/sh", lower, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
      "1000000\n",
    );
  });

  it("is the container's, and the program gets its arguments as they are", () => {
    const { command, args } = withinMemoryLimit(limited("2Gi"), "/bin/sh", [
      "-c",
      'ulimit -d; echo "$1"',
      "sh",
      "a  $b",
    ]);
    assert.equal(execFileSync(command, args, { encoding: "utf8" }), "2097152\na  $b\n");
  });
});
