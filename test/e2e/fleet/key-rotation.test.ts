import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { allProcesses, treeOf } from "@fleet/sandbox/process/process-tree";
import { CoreV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import type { Emulator } from "../../support/e2e/emulator.js";
import { endAtOnce, shortLived } from "../../support/e2e/engine.js";
import { FluxObjects } from "../../support/e2e/flux-objects.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { pushMeanwhile } from "../../support/e2e/steady-tenant.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { tenantsReady } from "./ready.js";

const tenant = "team-search";
const source = { kind: "GitRepository", namespace: tenant, name: tenant } as const;

/** The fingerprint of a public key as GitHub shows it. */
function fingerprintOf(key: string): string {
  const body = Buffer.from(key.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(body).digest("base64").replace(/=+$/, "")}`;
}

describe("fleet tenant rotate-keys", function () {
  this.timeout(20 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let github: Emulator;
  let root: string;
  /** Keys that the stack does not have, such as those that a killed update of another test had registered. */
  let others: readonly string[];

  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    github = await sandbox.github();
    root = await copyCheckout(await sandbox.scratch("rotation"));
    await staging.engine.ensureUp();
    await tenantsReady(staging.kubernetes);
    const own = await keyInSecret();
    others = (await keysAtGitHub()).filter((key) => key !== own);
  });

  /** The public key that the Secret of the source holds. */
  async function keyInSecret(): Promise<string> {
    const core = staging.kubernetes.client(CoreV1Api);
    const { data = {} } = await core.readNamespacedSecret({ namespace: tenant, name: "tenant-git" });
    return Buffer.from(data["identity.pub"] ?? "", "base64")
      .toString()
      .trim();
  }

  /** The key that the GitRepository names, and its date. */
  async function keyNotes() {
    const { metadata } = await new FluxObjects(staging.kubernetes).get(source);
    const { "fleet.dev/git-key": fingerprint = "", "fleet.dev/git-key-since": since = "" } = metadata.annotations ?? {};
    return { fingerprint, since };
  }

  async function keysAtGitHub(): Promise<readonly string[]> {
    const { body } = await github.api("GET", `repos/:owner/${tenant}/keys`);
    return (body as readonly { readonly key: string }[]).map(({ key }) => key.trim());
  }

  function rotate(...options: readonly string[]) {
    const args = ["cli/fleet.mjs", "tenant", "rotate-keys", tenant, "--stack", "staging", "--yes", ...options];
    const env = { ...staging.variables, ...shortLived, NO_COLOR: "1" };
    return execa(process.execPath, args, { cwd: root, env, stdin: "ignore", all: true, reject: false });
  }

  /** Kills a rotation with its engine and its providers, once it has printed a text. */
  async function killAt(text: string): Promise<void> {
    const command = rotate();
    let killed = false;
    for await (const line of command.iterable({ from: "all" })) {
      if (killed || !line.includes(text) || command.pid === undefined) continue;
      killed = true;
      for (const { pid } of treeOf(command.pid, await allProcesses())) endAtOnce(pid);
    }
    const { all } = await command;
    assert.ok(killed, `the rotation ended before it was killed:\n${all}`);
  }

  /** Until the work ends: asks again and again for a fetch, and whether GitHub accepts the key of the Secret. */
  async function watch(work: Promise<unknown>): Promise<readonly string[]> {
    const flux = new FluxObjects(staging.kubernetes);
    const failures: string[] = [];
    let isDone = false;
    const end = work.finally(() => {
      isDone = true;
    });
    const annotation = "reconcile.fluxcd.io/requestedAt";
    for (let round = 0; !isDone; round += 1) {
      const [key, known] = [await keyInSecret(), await keysAtGitHub()];
      // Between both answers the Secret may have changed, and the former key may be gone.
      if (!known.includes(key) && key === (await keyInSecret())) failures.push(`GitHub does not know ${key}`);
      const merge = [
        "--type",
        "merge",
        "--patch",
        JSON.stringify({ metadata: { annotations: { [annotation]: `${round}` } } }),
      ];
      const object = ["--namespace", tenant, "patch", "gitrepository", tenant];
      await execa("kubectl", [...object, ...merge], { env: staging.variables });
      const { status } = await flux.get(source);
      const ready = status?.conditions?.find(({ type }) => type === "Ready");
      if (ready?.status === "False") failures.push(ready.message);
      await Promise.race([end, setTimeout(500)]);
    }
    await end;
    return failures;
  }

  it("replaces the key while the team pushes every 2 s and Flux fetches each push: neither notices", async () => {
    const team = await Tenant.of(sandbox, staging, tenant);
    const [before, noted, start] = [await keyInSecret(), await keyNotes(), Date.now()];
    assert.equal(noted.fingerprint, fingerprintOf(before));
    const work = rotate();
    const [failures, { commits, problems }] = await Promise.all([watch(work), pushMeanwhile(work, team, staging)]);
    const { exitCode, all } = await work;
    assert.equal(exitCode, 0, all);
    assert.deepEqual([...failures, ...problems], []);
    assert.ok(commits.length > 2, `${commits.length} pushes`);
    await team.syncNow();
    await team.applied(commits.at(-1) ?? assert.fail());
    const after = await keyInSecret();
    assert.notEqual(after, before);
    assert.deepEqual(await keysAtGitHub(), [...others, after]);
    // The alert on old keys reads this date: it ends with the rotation, though the Secret is the old one.
    const notes = await keyNotes();
    assert.equal(notes.fingerprint, fingerprintOf(after));
    assert.ok(Date.parse(noted.since) < start, noted.since);
    assert.ok(Date.parse(notes.since) >= start - 1000, notes.since);
    const young = await rotate("--older-than", "90d");
    assert.match(young.all, / 0 days old {2}stays\nNo key is to be replaced\.\n?$/);
  });

  it("goes on where a rotation was killed, and leaves no key behind", async () => {
    // Its line is printed when the new key is registered and in the state, and the former one is in use still.
    await killAt(`${tenant}.tenant-git-git updating`);
    await staging.engine.succeed(["cancel", "--yes"]);
    const work = rotate();
    const failures = await watch(work);
    const { exitCode, all } = await work;
    assert.equal(exitCode, 0, all);
    assert.deepEqual(failures, []);
    assert.deepEqual(await keysAtGitHub(), [...others, await keyInSecret()]);
    await staging.engine.unchangedUp();
  });
});
