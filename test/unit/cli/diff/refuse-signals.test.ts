import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { execa } from "execa";

const module = pathToFileURL("cli/diff/refuse-signals.mjs").href;

/** Every way to signal this test's process. Signal 0 only asks whether it is there. */
const attempts = `
const attempts = {
  kill: () => process.kill(process.ppid, 0),
  imported: async () => (await import("node:process")).kill(process.ppid, 0),
  restored: () => { Object.defineProperty(process, "kill", { value: undefined }); },
  assigned: () => { process.kill = undefined; },
  internal: () => process._kill(process.ppid, 0),
  debugger: () => process._debugProcess(process.pid),
  debuggerEnd: () => process._debugEnd(),
};
const results = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    results[name] = "allowed";
  } catch (error) {
    results[name] = error.code ?? error.name;
  }
}
console.log(JSON.stringify(results));
`;

describe("a process that records", () => {
  const run = async (code: string) => {
    const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", code]);
    return JSON.parse(stdout) as unknown;
  };

  it("can signal no process: SIGUSR1 would open the debugger of the command, which has the token", async () => {
    const denied = "ERR_ACCESS_DENIED";
    const refuse = `import { refuseSignals } from ${JSON.stringify(module)};\nrefuseSignals();`;
    assert.deepEqual(await run(`${refuse}\n${attempts}`), {
      kill: denied,
      imported: denied,
      restored: "TypeError",
      assigned: "TypeError",
      internal: denied,
      debugger: denied,
      debuggerEnd: denied,
    });
  });

  it("could signal its parent without this", async () => {
    assert.equal(await run("console.log(process.kill(process.ppid, 0));"), true);
  });
});
