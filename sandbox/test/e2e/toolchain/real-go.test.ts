import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { readRecord } from "../../../toolchain/part-record.js";
import { planToolchain } from "../../../toolchain/plan.js";
import { ensureToolchain } from "../../../toolchain/toolchain.js";
import { FakeMachine, recipe } from "../../support/fake-machine.js";

/** The real Go builds a made-up module: its packages import nothing, so that only they are compiled. */
describe("a build by the real Go", function () {
  this.timeout(300_000);
  let machine: FakeMachine;
  before(async () => {
    machine = await FakeMachine.create();
    await machine.write("source/one/go.mod", "module example.org/one\n\ngo 1.26.0\n");
    await machine.remove("source/one/go.sum");
    // Go keeps what it compiled: a package of its own for each run is always compiled.
    const greeting = JSON.stringify(machine.root);
    await machine.write("source/one/far/far.go", `package far\n\nfunc Greet() string { return ${greeting} }\n`);
    await machine.write(
      "source/one/near/near.go",
      'package near\n\nimport "example.org/one/far"\n\nfunc Greet() string { return far.Greet() }\n',
    );
    await machine.write(
      "source/one/cmd/greeter/main.go",
      'package main\n\nimport "example.org/one/near"\n\nfunc main() { println(near.Greet()) }\n',
    );
  });
  after(async () => {
    await machine.destroy();
  });

  it("counts the packages that it compiles, and leaves neither that nor a path in the program", async () => {
    const { FLEET_TOOLCHAIN_CACHE } = machine.environment;
    const options = {
      source: machine.path("source"),
      recipes: [recipe("greeter", { package: "./cmd/greeter" })],
      environment: { ...process.env, FLEET_TOOLCHAIN_CACHE, FLEET_PARTS: undefined },
    };
    const { bin } = await ensureToolchain(options);
    const [part] = (await planToolchain(options)).parts;
    assert.ok(part);
    const record = await readRecord(part);
    // The runtime is compiled as well where Go's cache lacks it.
    assert.ok((record?.packages ?? 0) >= 3, JSON.stringify(record));
    const { stderr } = await execa(join(bin, "greeter"));
    assert.equal(stderr, machine.root);
    const { stdout } = await execa("go", ["version", "-m", join(bin, "greeter")]);
    assert.deepEqual(
      [...stdout.matchAll(/^\tbuild\t(-\S+)/gm)].map(([, flag]) => flag),
      ["-buildmode=exe", "-compiler=gc", "-gcflags=all=-dwarf=false", "-tags=disable_grpc_modules", "-trimpath=true"],
    );
  });
});
