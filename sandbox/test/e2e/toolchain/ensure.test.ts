import assert from "node:assert/strict";
import { readdir, readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import pWaitFor from "p-wait-for";
import { ToolchainError } from "../../../toolchain/error.js";
import { type BuildProgress, ensureToolchain } from "../../../toolchain/toolchain.js";
import { FakeMachine, recipe } from "../../support/fake-machine.js";

describe("ensureToolchain", () => {
  let machine: FakeMachine;
  beforeEach(async () => {
    machine = await FakeMachine.create();
  });
  afterEach(async () => {
    await machine.destroy();
  });

  const failure = async (...names: string[]): Promise<ToolchainError> => {
    const error = await ensureToolchain(machine.options(...names)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ToolchainError, `expected a ToolchainError, got ${error}`);
    return error;
  };

  it("names go when it is missing, and what to install", async () => {
    await machine.remove("bin/go");
    const error = await failure("etcd");
    assert.equal(error.part, "go");
    assert.match(error.message, /go is not on PATH\nWhat to do: install Go 1\.26\.6 or newer/);
  });

  it("names git when it is missing", async () => {
    await machine.remove("bin/git");
    const error = await failure("etcd");
    assert.equal(error.part, "git");
    assert.match(error.message, /git is not on PATH\nWhat to do: install Git 2\.38\.0 or newer/);
  });

  it("says which git is too old before anything is built", async () => {
    await machine.script("git", "process.stdout.write('git version 2.37.1')");
    assert.match((await failure("etcd")).message, /git on PATH is git version 2\.37\.1, .* needs 2\.38\.0 or newer/);
    assert.deepEqual(await machine.builds(), []);
  });

  it("says which go is too old before anything is built", async () => {
    await machine.goSettings({ GOVERSION: "go1.26.5" });
    assert.match((await failure("etcd")).message, /go on PATH is go1\.26\.5, .* need go1\.26\.6 or newer/);
    assert.deepEqual(await machine.builds(), []);
  });

  it("a failing build names its part and version, with the command's own words and what to do", async () => {
    await machine.write(
      "fail/kube-apiserver",
      "go: downloading example.org/a v1.0.0\nserver.go:7:2: undefined: Serve\n",
    );
    const error = await failure("etcd", "kube-apiserver");
    assert.match(error.message, /^building kube-apiserver v1\.0\.0 failed: `go build`, exit code 1\n/);
    assert.match(
      error.message,
      /\n {2}\| server\.go:7:2: undefined: Serve\nWhat to do: .*go build .*example\.org\/kube-apiserver/,
    );
    assert.doesNotMatch(error.message, /downloading/);
  });

  it("a failing build is not taken for a finished part", async () => {
    await machine.write("fail/etcd", "no");
    await failure("etcd");
    await machine.remove("fail/etcd");
    await ensureToolchain(machine.options("etcd"));
    assert.deepEqual(await machine.builtNames(), ["etcd", "etcd"]);
  });

  it("a build that ends well without a result is an error that names the recipe", async () => {
    await machine.write("empty/etcd", "");
    assert.match((await failure("etcd")).message, /building etcd v1\.0\.0 ended well, but left no etcd\n.*recipes\.ts/);
  });

  it("an interrupted build goes on where it was", async () => {
    await machine.write("fail/kwok", "signal: killed");
    assert.match((await failure("etcd", "kubectl", "kwok", "flux")).advice, /free memory/);
    await machine.remove("fail/kwok");
    await ensureToolchain(machine.options("etcd", "kubectl", "kwok", "flux"));
    assert.deepEqual(await machine.builtNames(), ["etcd", "kubectl", "kwok", "kwok", "flux"]);
  });

  it("the half-finished files of a killed run are removed and not used", async () => {
    await machine.write("cache/parts/.building-etcd-1/out/etcd", "half");
    await ensureToolchain(machine.options("etcd"));
    assert.deepEqual(await machine.builtNames(), ["etcd"]);
    const names = await readdir(machine.path("cache", "parts"));
    assert.deepEqual(
      names.filter((name) => name.startsWith(".")),
      [],
    );
  });

  it("a part whose sources cannot be downloaded ends the run in its turn, after the parts before it", async () => {
    await machine.write("offline/kwok", "dial tcp: lookup proxy.example.org: no such host");
    const error = await failure("etcd", "kwok", "flux");
    assert.match(
      error.message,
      /^downloading the sources of kwok v1\.0\.0 failed: .*\n.*no such host\n.*check the network/,
    );
    assert.deepEqual(await machine.builtNames(), ["etcd"]);
  });

  it("downloads for the next part while a part is built", async () => {
    await machine.write("hold/etcd", "");
    const running = ensureToolchain(machine.options("etcd", "kwok", "flux"));
    const begun = async () => [...(await machine.builtNames()), ...(await machine.downloads())];
    await pWaitFor(async () => (await begun()).length === 3);
    assert.deepEqual(await begun(), ["etcd", "etcd", "kwok"]);
    await machine.remove("hold/etcd");
    await running;
    assert.deepEqual(await machine.downloads(), ["etcd", "kwok", "flux"]);
  });

  it("a program that was damaged in the cache is built again, the others are not", async () => {
    const { bin } = await ensureToolchain(machine.options("etcd", "kwok"));
    await truncate(join(bin, "etcd"), 3);
    await ensureToolchain(machine.options("etcd", "kwok"));
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok", "etcd"]);
    assert.equal(await readFile(join(bin, "etcd"), "utf8"), "program etcd");
  });

  it("a program that was deleted from the toolchain is put back without a build", async () => {
    const { bin } = await ensureToolchain(machine.options("etcd"));
    await machine.remove(bin.slice(machine.root.length));
    await ensureToolchain(machine.options("etcd"));
    assert.deepEqual(await machine.builtNames(), ["etcd"]);
    assert.equal(await readFile(join(bin, "etcd"), "utf8"), "program etcd");
  });

  it("a second run waits for the first, says so, and builds nothing", async () => {
    await machine.write("hold/kwok", "");
    const first = ensureToolchain(machine.options("etcd", "kwok"));
    await pWaitFor(async () => (await machine.builtNames()).includes("kwok"));

    const seen: BuildProgress[] = [];
    const second = ensureToolchain({ ...machine.options("etcd", "kwok"), onProgress: (event) => seen.push(event) });
    await pWaitFor(() => seen.length > 0);
    await machine.remove("hold/kwok");

    assert.deepEqual(await second, await first);
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok"]);
    assert.match(seen[0]?.message ?? "", /^Waiting for another run .*: 1 of 2 there, \d+ s so far/);
    assert.deepEqual(new Set(seen.map(({ phase }) => phase)), new Set(["waiting", "ready"]));
  });

  it("a second run goes on as soon as its own parts are there, while the first builds others", async () => {
    await machine.write("hold/etcd", "");
    await machine.write("hold/kwok", "");
    const first = ensureToolchain(machine.options("etcd", "kwok"));
    await pWaitFor(async () => (await machine.builtNames()).includes("etcd"));
    const seen: string[] = [];
    const onProgress = ({ phase }: BuildProgress) => seen.push(phase);
    const second = ensureToolchain({ ...machine.options("etcd", "kwok"), parts: ["etcd"], onProgress });
    await pWaitFor(() => seen.includes("waiting"));
    await machine.remove("hold/etcd");
    const { bin } = await second;
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok"]);
    assert.deepEqual(await readdir(bin), ["etcd"]);
    await machine.remove("hold/kwok");
    assert.equal((await first).bin, bin);
    assert.deepEqual(await readdir(bin), ["etcd", "kwok"]);
  });

  it("builds only the parts that a run asks for, in the place where all will be", async () => {
    const names = ["etcd", "kwok", "kubectl"];
    const { bin } = await ensureToolchain({ ...machine.options(...names), parts: ["kwok"] });
    assert.deepEqual(await machine.builtNames(), ["kwok"]);
    assert.deepEqual(await readdir(bin), ["kwok"]);
    assert.equal((await ensureToolchain(machine.options(...names))).bin, bin);
    assert.deepEqual(await machine.builtNames(), ["kwok", "etcd", "kubectl"]);
  });

  it("builds what a part needs with it, and not again once the part is there", async () => {
    const recipes = [recipe("kubectl"), recipe("flux", { needs: ["kubectl"] }), recipe("kwok")];
    const run = () => ensureToolchain({ ...machine.options(), recipes, parts: ["flux"] });
    await run();
    assert.deepEqual(await machine.builtNames(), ["kubectl", "flux"]);
    for (const name of await readdir(machine.path("cache", "parts"))) {
      if (name.startsWith("kubectl-")) await machine.remove(join("cache", "parts", name));
    }
    await run();
    assert.deepEqual(await machine.builtNames(), ["kubectl", "flux"]);
  });

  it("a second run builds what the first one, failing, did not", async () => {
    await machine.write("hold/kwok", "");
    const first = failure("etcd", "kwok");
    await pWaitFor(async () => (await machine.builtNames()).includes("kwok"));
    const second = ensureToolchain(machine.options("etcd", "kwok"));
    await machine.write("fail/kwok", "no");
    await machine.remove("hold/kwok");
    await first;
    await machine.remove("fail/kwok");
    await second;
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok", "kwok"]);
  });

  it("a user's general settings for Go change nothing", async () => {
    const { environment, ...rest } = machine.options("etcd");
    const set = {
      GOFLAGS: "-race",
      GOOS: "windows",
      GOARCH: "arm",
      CGO_ENABLED: "1",
      GOTOOLCHAIN: "auto",
      GOWORK: "x",
    };
    await ensureToolchain({ ...rest, environment: { ...environment, ...set } });
    const [build] = await machine.builds();
    assert.deepEqual(
      Object.keys(set).map((name) => build?.environment[name]),
      ["-mod=readonly -gcflags=all=-dwarf=false -tags=disable_grpc_modules -v", "linux", "amd64", "0", "local", "off"],
    );
  });

  it("builds each part in its module folder, with the version set and without changing the pins", async () => {
    const versioned = recipe("etcd", { variables: { "example.org/version.Version": "v1.0.0" } });
    await ensureToolchain({ ...machine.options(), recipes: [versioned] });
    const [build] = await machine.builds();
    assert.equal(build?.cwd, machine.path("source", "one"));
    assert.deepEqual(build?.args.slice(0, 5), [
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      "-ldflags",
      "-s -w -X example.org/version.Version=v1.0.0",
    ]);
    assert.equal(build?.args.at(-1), "example.org/etcd");
  });

  it("a toolchain with one part more builds that part only, and shares the space of the others", async () => {
    const small = await ensureToolchain(machine.options("etcd"));
    const large = await ensureToolchain(machine.options("etcd", "kwok"));
    assert.notEqual(small.dir, large.dir);
    assert.deepEqual(await machine.builtNames(), ["etcd", "kwok"]);
    const [one, other] = await Promise.all([stat(join(small.bin, "etcd")), stat(join(large.bin, "etcd"))]);
    assert.equal(one.ino, other.ino);
  });

  it("puts every kind of part where its user looks for it", async () => {
    const plugin = recipe("pulumi-resource-tls", { output: "plugins/resource-tls-v5.5.1/pulumi-resource-tls" });
    const toolchain = await ensureToolchain({ ...machine.options(), recipes: [recipe("etcd"), plugin] });
    assert.equal(await readFile(join(toolchain.bin, "etcd"), "utf8"), "program etcd");
    const path = join(toolchain.plugins, "resource-tls-v5.5.1", "pulumi-resource-tls");
    assert.equal(await readFile(path, "utf8"), "program pulumi-resource-tls");
  });
});
