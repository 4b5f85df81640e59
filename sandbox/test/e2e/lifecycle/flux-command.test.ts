import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { writeFluxCommand } from "../../../lifecycle/flux-command.js";
import { statePaths } from "../../../state/state-directory.js";
import { planToolchain } from "../../../toolchain/plan.js";
import { FakeMachine } from "../../support/fake-machine.js";

describe("the flux of a sandbox's shell", () => {
  let machine: FakeMachine;
  beforeEach(async () => {
    machine = await FakeMachine.create();
  });
  afterEach(async () => {
    await machine.destroy();
  });

  /** Runs it in a shell that knows neither the cache nor FLEET_PARTS. */
  const flux = async (supplied: string, ...args: string[]) => {
    const paths = statePaths(machine.path("state of 'mine'"));
    const environment = { ...machine.environment, FLEET_PARTS: supplied };
    const { toolchain } = await planToolchain({ environment, parts: ["flux"] });
    await writeFluxCommand(paths, toolchain, environment);
    const { FLEET_TOOLCHAIN_CACHE: _, ...env } = machine.environment;
    return execa(join(paths.bin, "flux"), args, { env, extendEnv: false, reject: false, stdin: "ignore" });
  };

  it("ends with the reason when it cannot be built, and runs nothing", async () => {
    await machine.write("offline/kubectl", "dial tcp: lookup proxy.example.org: no such host");
    const { exitCode, stdout, stderr } = await flux("", "version");
    assert.equal(exitCode, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^3 of the sandbox's real parts must be built.*\n(.*\n)*.*no such host\nWhat to do: check the network/,
    );
  }).timeout(60_000);

  it("is provided before its first run, in the cache of the command that made it, and then run at once", async () => {
    await mkdir(machine.path("own"));
    // The real recipe, so the real version.
    await writeFile(machine.path("own/flux"), "#!/bin/sh\necho 'flux: v2.9.2'\necho \"args: $*\" >&2\n");
    await chmod(machine.path("own/flux"), 0o755);
    const first = await flux(machine.path("own"), "get", "all the things");
    assert.equal(first.exitCode, 0, first.stderr);
    assert.equal(first.stdout, "flux: v2.9.2");
    assert.match(first.stderr, /flux v2\.9\.2: copied in .*\n(.*\n)*args: get all the things$/);
    const second = await flux(machine.path("own"), "check");
    assert.equal(second.stderr, "args: check");
    assert.deepEqual(await machine.builds(), []);
  }).timeout(60_000);
});
