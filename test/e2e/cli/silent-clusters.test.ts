import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  /** @param userOf the user of each context @param nodeArgs arguments of Node @default - none */
  async function status(
    addresses: readonly string[],
    userOf: (index: number) => object,
    nodeArgs: readonly string[] = [],
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
    return await execa(process.execPath, [...nodeArgs, "cli/fleet.mjs", "status"], options);
  }

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
    const user = await plugin(`sleep 1\necho '${credential}'`);
    const { exitCode, stderr } = await status(addresses, () => user);
    assert.equal(exitCode, 3, stderr);
    for (const stack of stacks) assert.match(stderr, new RegExp(`^${stack}: .*within`, "m"));
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

  it("ends with its output where the resolver of names never answers", async () => {
    // As Node does with a question to a resolver: it goes on after the end of the request, and keeps the process.
    const resolver = join(folder, "resolver.mjs");
    const text = `import dns from "node:dns";
      dns.lookup = () => setInterval(() => undefined, 60_000);
      const others = process.getActiveResourcesInfo.bind(process);
      process.getActiveResourcesInfo = () => [...others(), "GetAddrInfoReqWrap"];`;
    await writeFile(resolver, text);
    const addresses = Array.from({ length: clusters }, (_, index) => `https://api-${index}.clusters.example:6443`);
    const { exitCode, stdout, stderr, timedOut } = await status(addresses, () => ({ token: "x" }), [
      "--import",
      resolver,
    ]);
    assert.deepEqual([timedOut, exitCode], [false, 3], stderr);
    assert.match(stdout, /prod-eu[\s\S]*unknown/);
    for (let index = 0; index < clusters; index += 1) {
      assert.match(stderr, new RegExp(`silent-${index}: there was no complete answer within`));
    }
  });
});
