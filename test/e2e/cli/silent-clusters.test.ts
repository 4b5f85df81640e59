import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allProcesses, treeOf } from "@fleet/sandbox/process/process-tree";
import { execa } from "execa";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { hasEnded } from "../../support/unit/ended-process.js";
import { httpServer, socketServer, TestServers } from "../../support/unit/servers.js";

const clusters = 8;
const stacks = ["staging", "prod-eu"];
const apiVersion = "client.authentication.k8s.io/v1";

/**
 * The command itself with its own limits, against listeners that accept every connection. How long it may take does not
 * depend on a machine, and so is proven on a clock of its own: test/unit/cli/status/time-limits.test.ts.
 */
describe("fleet status of eight clusters that do not answer", () => {
  const servers = new TestServers();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-silent-"));
    await copyCheckout(folder);
  });
  afterEach(() => servers.stop());
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Writes a kubeconfig. @param userOf the user of each context @returns the arguments of {@link execa} */
  async function command(
    addresses: readonly string[],
    userOf: (index: number) => object,
    nodeArgs: readonly string[] = [],
    ...args: readonly string[]
  ) {
    const name = (index: number) => `silent-${index}`;
    const content = {
      apiVersion: "v1",
      kind: "Config",
      clusters: addresses.map((server, index) => ({ name: name(index), cluster: { server } })),
      users: addresses.map((_, index) => ({ name: name(index), user: userOf(index) })),
      contexts: addresses.map((_, index) => ({
        name: name(index),
        context: { cluster: name(index), user: name(index) },
      })),
    };
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, JSON.stringify(content));
    const env = { PATH: process.env.PATH ?? "", KUBECONFIG: kubeconfig, NO_COLOR: "1" };
    const options = { cwd: folder, env, extendEnv: false, reject: false, stdin: "ignore", timeout: 120_000 } as const;
    return [process.execPath, [...nodeArgs, "cli/fleet.mjs", "status", ...args], options] as const;
  }

  const status = async (...args: Parameters<typeof command>) => await execa(...(await command(...args)));

  /** A login plugin. @returns the user of a kubeconfig */
  async function plugin(script: string): Promise<object> {
    const file = join(folder, "plugin");
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return { exec: { apiVersion, command: file } };
  }

  const silent = async (count: number) =>
    await Promise.all(Array.from({ length: count }, () => servers.started(socketServer())));

  /** Servers that say whose clusters they are. @param others answers every other request */
  async function identified(others: RequestListener) {
    return await Promise.all(
      stacks.map((stack) =>
        servers.started(
          httpServer((request, response) => {
            if (request.url !== "/api/v1/namespaces/flux-system") return others(request, response);
            response.end(JSON.stringify({ metadata: { name: "flux-system", labels: { "fleet.dev/stack": stack } } }));
          }),
        ),
      ),
    );
  }

  it("ends where they accept connections alone, with and without TLS, and names each", async () => {
    const started = await silent(clusters);
    const addresses = started.map(({ port }, index) => `http${index % 2 === 0 ? "" : "s"}://127.0.0.1:${port}`);
    const { exitCode, stdout, stderr } = await status(addresses, () => ({ token: "x" }));
    assert.equal(exitCode, 3, stderr);
    assert.match(stdout, /prod-eu[\s\S]*unknown/);
    for (let index = 0; index < clusters; index += 1) {
      assert.match(stderr, new RegExp(`silent-${index}: there was no complete answer within`));
    }
  });

  it("ends where logins are slow, and the lists do not come", async () => {
    const answering = await identified(() => undefined);
    const addresses = [...answering, ...(await silent(clusters - 2))].map(({ port }) => `http://127.0.0.1:${port}`);
    const credential = JSON.stringify({ apiVersion, kind: "ExecCredential", status: { token: "x" } });
    const noted = join(folder, "threads");
    const user = await plugin(`sleep 1\necho "threads: $UV_THREADPOOL_SIZE" >> ${noted}\necho '${credential}'`);
    const { exitCode, stderr } = await status(addresses, () => user);
    assert.equal(exitCode, 3, stderr);
    for (const stack of stacks) assert.match(stderr, new RegExp(`^${stack}: .*within`, "m"));
    // The command has more threads than usual. Programs that it starts have theirs.
    assert.equal(await readFile(noted, "utf8"), "threads: \n".repeat(clusters));
  });

  it("shows the stacks whose clusters answer where the logins of all others never end", async () => {
    const answering = await identified((_, response) => response.end('{"metadata":{},"items":[]}'));
    const addresses = [...answering, ...(await silent(clusters - 2))].map(({ port }) => `http://127.0.0.1:${port}`);
    const noted = join(folder, "children");
    const user = await plugin(`trap '' TERM\nsleep 600 > /dev/null &\necho $! >> ${noted}\nwait`);
    const { exitCode, stdout, stderr } = await status(addresses, (index) => (index < 2 ? { token: "x" } : user));
    // The clusters have no controllers, and are no mystery.
    assert.equal(exitCode, 1, stderr);
    for (const stack of stacks)
      assert.match(stderr, new RegExp(`^ *${stack}: source-controller: does not exist$`, "m"));
    assert.doesNotMatch(`${stdout}${stderr}`, /unknown: |within/);
    const children = (await readFile(noted, "utf8")).trim().split("\n").map(Number);
    assert.equal(children.length, clusters - 2);
    await waitFor(async () => children.every(hasEnded), { timeout: 30_000, describe: async () => children.join() });
  });

  describe("whose names no resolver answers", () => {
    let nodeArgs: readonly string[];
    before(async () => {
      // As Node does with a question to a resolver: it occupies a thread, also after the end of the request, and a process that
      // ends waits for its threads.
      const pipe = join(folder, "pipe");
      execFileSync("mkfifo", [pipe]);
      const resolver = join(folder, "resolver.mjs");
      const text = `import dns from "node:dns";
        import { open } from "node:fs";
        const lookup = dns.lookup;
        dns.lookup = (name, ...rest) => {
          if (name === "localhost") return lookup(name, ...rest);
          open(${JSON.stringify(pipe)}, "r", () => undefined);
        };`;
      await writeFile(resolver, text);
      nodeArgs = ["--import", resolver];
    });
    const unknown = (count: number) =>
      Array.from({ length: count }, (_, index) => `https://api-${index}.clusters.example:6443`);

    it("ends with its output", async () => {
      const { exitCode, stdout, stderr, timedOut } = await status(unknown(clusters), () => ({ token: "x" }), nodeArgs);
      assert.deepEqual([timedOut, exitCode], [false, 3], stderr);
      assert.match(stdout, /prod-eu[\s\S]*unknown/);
      for (let index = 0; index < clusters; index += 1) {
        assert.match(stderr, new RegExp(`silent-${index}: there was no complete answer within`));
      }
    });

    it("shows the stacks whose names are known", async () => {
      const answering = await identified((_, response) => response.end('{"metadata":{},"items":[]}'));
      const addresses = [...unknown(clusters - 2), ...answering.map(({ port }) => `http://localhost:${port}`)];
      const { exitCode, stdout, stderr, timedOut } = await status(addresses, () => ({ token: "x" }), nodeArgs);
      assert.deepEqual([timedOut, exitCode], [false, 1], stderr);
      for (const stack of stacks)
        assert.match(stderr, new RegExp(`^ *${stack}: source-controller: does not exist$`, "m"));
      assert.doesNotMatch(`${stdout}${stderr}`, /unknown: |within/);
    });
  });

  it("ends with the process that a person started, by an interrupt with its exit code", async () => {
    // Nothing listens there, so a look is short.
    const args = await command(["http://127.0.0.1:1"], () => ({ token: "x" }), [], "--watch");
    for (const [signal, ending] of [
      ["SIGINT", { exitCode: 3 }],
      ["SIGKILL", { signal: "SIGKILL" }],
    ] as const) {
      const running = execa(...args);
      await once(running.stdout ?? assert.fail("there is no output"), "data");
      const processes = treeOf(running.pid ?? assert.fail("there is no process"), await allProcesses());
      assert.ok(processes.length >= 2, "the command has no process of its own");
      running.kill(signal);
      const { exitCode, signal: killedBy } = await running;
      assert.deepEqual(killedBy === undefined ? { exitCode } : { signal: killedBy }, ending);
      const describe = () => "a process goes on";
      await waitFor(() => processes.every(({ pid }) => hasEnded(pid)), { timeout: 30_000, describe });
    }
  });
});
