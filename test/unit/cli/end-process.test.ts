import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkout } from "../../../cli/checkout.js";

/** A command whose reader has gone, and that is still waiting for a name when it ends. */
const program = `
  const { endProcess } = await import(${JSON.stringify(pathToFileURL(join(checkout, "cli/end-process.mjs")).href)});
  process.getActiveResourcesInfo = () => ["GetAddrInfoReqWrap"];
  process.stdout.on("error", () => { process.exitCode = 1; });
  process.stdin.once("data", async () => {
    process.stdout.write("x".repeat(1 << 20));
    await endProcess();
  });
  process.stderr.write("ready");
`;

describe("the end of the process of a command", () => {
  it("has the exit code of an output that could not be written", async () => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: "pipe" });
    const closed = once(child, "exit");
    await once(child.stderr, "data");
    child.stdout.destroy();
    child.stdin.write("go");
    assert.deepEqual(await closed, [1, null]);
  });
});
