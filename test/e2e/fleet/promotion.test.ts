import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import { z } from "zod";
import { TENANT_LABEL } from "../../../lib/kubernetes/ownership-labels.js";
import { type Proof, parseProof } from "../../../promotion/proof.js";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { fleetUpUnblocked } from "../../support/e2e/fleet-up.js";
import { FluxObjects } from "../../support/e2e/flux-objects.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { tenants, tenantsReady } from "./ready.js";
import { idsOf, objectsOf, writesOf } from "./views.js";

const sourceView = z.object({ spec: z.object({ ref: z.record(z.string(), z.string()) }) });
const anyUp = ["up", "--yes", "--skip-preview"];

/** A stack whose changes run on another stack before. Its cluster leaves afterwards, so nothing restores its stack. */
describe("a stack that is promoted to", function () {
  this.timeout(40 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let prod: TestEnvironment;
  let github: Emulator;
  /** Checkout in which prod-eu promotes from staging. */
  let cwd: string;
  let broken: Tenant;
  let well: Tenant;

  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment("staging");
    prod = await sandbox.environment("prod-eu");
    github = await sandbox.github();
    await staging.engine.ensureUp();
    await prod.engine.ensureUp();
    await Promise.all([tenantsReady(staging.kubernetes), tenantsReady(prod.kubernetes)]);
    cwd = await copyCheckout(await sandbox.scratch("promotion"));
  });
  after(() => staging.engine.up());

  const edit = (file: string, change: Parameters<typeof editYaml>[1]) => editYaml(join(cwd, file), change);
  const set = (file: string, path: readonly string[], value: unknown) =>
    edit(file, (document) => document.setIn(path, value));
  const unset = (file: string, path: readonly string[]) => edit(file, (document) => document.deleteIn(path));
  const setting = (name: string, value: unknown) => set("Pulumi.prod-eu.yaml", ["config", `fleet:${name}`], value);
  const overlay = (tenant: string) => `stacks/prod-eu/tenants/${tenant}.yaml`;
  const followBranches = async () => {
    await setting("platformRevision", { branch: "main" });
    for (const { name } of tenants) await set(overlay(name), ["sync", "ref"], { branch: "main" });
  };
  const fleet = async (...args: string[]) => {
    const command = ["cli/fleet.mjs", ...args];
    return (await execa("node", command, { cwd, env: staging.variables, all: true, reject: false })).all;
  };
  const stashedDigests = async () => {
    const stash = (await staging.engine.resources()).find(({ type }) => type === "pulumi:index:Stash");
    return z.object({ digests: z.unknown() }).parse(stash?.outputs?.input).digests;
  };

  it("is refused a change that the first cluster has not run, and gets it afterwards", async () => {
    await setting("promotesFrom", "staging");
    const unpinned = await prod.engine.run(["preview"], { cwd });
    assert.notEqual(unpinned.exitCode, 0, unpinned.all);
    for (const words of [
      "fleet:platformRevision: is not set, so each push to main of the platform's repository would reach this stack",
      ": sync.ref: is not set for the stack prod-eu, so it would follow main of team-payments",
      "npx fleet promote staging prod-eu --tenant team-search",
    ]) {
      assert.ok(unpinned.all.includes(words), unpinned.all);
    }
    await followBranches();
    await set("stacks/base/tenants/team-search.yaml", ["limits", "pods"], 33);
    const refusal =
      "stacks/base/tenants/team-search.yaml: the stack staging has never run this base file of the tenant team-search. Run pulumi up on the stack staging first, from the same files.";
    const before = idsOf(await prod.engine.resources());
    const changesNothing = async () => {
      assert.deepEqual(await writesOf(github), []);
      assert.deepEqual(idsOf(await prod.engine.resources()), before);
    };
    const refused = async (...others: readonly string[]) => {
      await github.resetRequests();
      const all = await prod.engine.upFails({ cwd });
      for (const words of [refusal, ...others]) assert.ok(all.includes(words), all);
      assert.doesNotMatch(all, /would be refused/);
      await changesNothing();
    };
    await github.resetRequests();
    const { all: preview } = await prod.engine.succeed(["preview"], { cwd });
    assert.ok(preview.includes(`pulumi up would be refused: ${refusal}`), preview);
    await changesNothing();
    const [yesterday, tomorrow] = [-24, 24].map((hours) => {
      return new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16);
    });
    await setting("freezes", [{ from: yesterday, until: tomorrow, reason: "Shown to the tests" }]);
    const leaving = join(cwd, overlay("team-payments"));
    const kept = await readFile(leaving);
    await rm(leaving);
    await refused(
      `fleet:freezes[0]: nothing may change until ${tomorrow} UTC (Shown to the tests), and this update`,
      `${overlay("team-payments")}: the stack staging still runs the tenant team-payments, which this update removes`,
    );
    await writeFile(leaving, kept);
    await unset("Pulumi.prod-eu.yaml", ["config", "fleet:freezes"]);

    // An update of one resource proves nothing of the others, although the engine writes the outputs of the stack.
    const quota = (await staging.engine.resources()).find(({ urn }) => urn.endsWith("::team-search.team-search-quota"));
    const digests = await stashedDigests();
    await staging.engine.succeed([...anyUp, "--target", quota?.urn ?? ""], { cwd });
    await refused();
    assert.deepEqual(await stashedDigests(), digests);

    // The base file runs on staging, and not this value of it.
    await set("stacks/staging/tenants/team-search.yaml", ["limits", "pods"], 10);
    await staging.engine.up({ cwd });
    await setting("soak", "8760h");
    const override = { reason: "Shown to the tests", until: "2999-01-01T00:00" };
    await setting("promotionOverride", override);
    const tooEarly = await prod.engine.upFails({ cwd });
    assert.match(tooEarly, /tenant team-search for \S+.*, and fleet:soak is 8760h\. Wait for another/);
    assert.match(
      tooEarly,
      /base\/tenants\/team-search\.yaml:\d+: limits\.pods: the stack staging has never run the tenant team-search with this value/,
    );
    assert.match(tooEarly, /promotionOverride\.until: ends in \d+d \d+h, and fleet:longestOverride is/);
    const [until = ""] = new Date(Date.now() + 24 * 3_600_000).toISOString().split(/:\d\d\./);
    override.until = until;
    await setting("promotionOverride", override);
    const { all } = await prod.engine.up({ cwd, color: "always" });
    assert.match(all, /fleet:promotionOverride lets this update pass until \d{4}\S+Z \(Shown to the tests\), although/);
    const red = "\u001b[38;5;1m";
    assert.ok(all.includes(`${red}fleet:promotionOverride lets this update pass`), all);
    const { proved } = z.object({ proved: z.unknown() }).parse(await prod.engine.outputs());
    assert.deepEqual(
      parseProof(proved)?.overrides.map(({ reason, passed }) => [reason, passed.length]),
      [["Shown to the tests", 2]],
    );
    await prod.engine.succeed(["preview", "--expect-no-changes"], { cwd });
  });

  it("is refused a change that was applied and never Ready, until fleet wait has recorded it, and nothing else", async () => {
    await setting("promotionOverride", {});
    await setting("soak", "1s");
    await setting("promotionNeeds", "ready");
    await set("stacks/base/tenants/team-search.yaml", ["limits", "pods"], 34);
    await unset("stacks/staging/tenants/team-search.yaml", ["limits"]);
    const former = await provedTimes(staging);
    await staging.engine.up({ cwd });
    // An update keeps the times of what it changes nothing about, and adds one for what it changes.
    const times = await provedTimes(staging);
    const kept = Object.entries(former["team-search"] ?? {});
    assert.deepEqual(times["team-payments"], former["team-payments"]);
    assert.deepEqual(Object.entries(times["team-search"] ?? {}).slice(0, -1), kept);
    assert.equal(Object.keys(times["team-search"] ?? {}).length, kept.length + 1);
    assert.match(
      await prod.engine.upFails({ cwd }),
      /team-search\.yaml: the stack staging has applied this base file of the tenant team-search, and was never Ready with it\. Run npx fleet wait staging/,
    );
    // The engine keeps them in another order.
    const ids = async () => idsOf(await staging.engine.resources()).sort();
    const before = { ids: await ids(), outputs: await staging.engine.outputs(true) };
    const { proved: _before, ...others } = before.outputs;
    // Its interval may be longer than the wait, when this file runs alone.
    const platform = { kind: "Kustomization", namespace: "flux-system", name: "platform" } as const;
    await new FluxObjects(staging.kubernetes).reconcileNow(platform);
    assert.match(await fleet("wait", "staging", "--timeout", "5m"), /\nRecorded in the state of staging\.$/);
    const { proved, ...after } = await staging.engine.outputs(true);
    assert.deepEqual([await ids(), after], [before.ids, others]);
    assert.deepEqual(Object.keys(parseProof(proved)?.ready?.tenants ?? {}), ["team-payments", "team-search"]);
    assert.match(await fleet("wait", "staging"), /\nThe state of staging has this record already\.$/);
    await staging.engine.succeed(["preview", "--expect-no-changes"], { cwd });
    assert.match(
      await fleet("stack", "list"),
      /^staging\n[\s\S]* {2}platform Ready at main@sha1:[0-9a-f]{8} since \S+\n/,
    );
  });

  it("gets by fleet promote what was Ready on the first cluster, without the tenant that broke there, and goes back", async () => {
    assert.equal(
      await fleet("promote", "staging", "prod-eu"),
      "Nothing to do: the files of prod-eu name what staging runs.",
    );
    await unset("Pulumi.prod-eu.yaml", ["config", "fleet:platformRevision"]);
    for (const tenant of ["team-payments", "team-search"]) await unset(overlay(tenant), ["sync", "ref"]);
    const files = ["Pulumi.prod-eu.yaml", overlay("team-payments"), overlay("team-search")];
    const texts = () => Promise.all(files.map((file) => readFile(join(cwd, file), "utf8")));
    const before = await texts();
    const dry = await fleet("promote", "staging", "prod-eu", "--dry-run");
    assert.deepEqual(await texts(), before, dry);
    assert.equal(await fleet("promote", "staging", "prod-eu"), dry);
    const [, payments = "", search = ""] = (await texts()).map((text) => /commit: "?([0-9a-f]{40})/.exec(text)?.[1]);
    assert.deepEqual([payments.length, search.length], [40, 40], dry);
    // The base file that was refused above passes as well, because fleet wait has recorded it.
    await prod.engine.up({ cwd });
    assert.deepEqual([await followed(prod, "team-payments"), await followed(prod, "team-search")], [payments, search]);
    assert.equal(await podsOf(prod, "team-search"), "34");

    broken = await Tenant.of(sandbox, staging, "team-payments");
    well = await Tenant.of(sandbox, staging, "team-search");
    const nothing = { apiVersion: "example.com/v1", kind: "Nothing", metadata: { name: "nothing" } };
    const [bad, good] = [await broken.push(nothing), await well.push(configMap({ name: "promoted" }))];
    await Promise.all([broken.attempted(bad), well.applied(good)]);
    const waited = await fleet("wait", "staging", "--timeout", "0s");
    assert.match(waited, /\nThe stack staging is not Ready after 0 s:\n(?: {2}team-payments: .*\n?)+$/);
    assert.match(waited, /Recorded in the state of staging\./);
    const promoted = await fleet("promote", "staging", "prod-eu");
    assert.match(
      promoted,
      /stays behind: \S+team-payments\.yaml: sync\.ref: team-payments: was not Ready on the stack staging/,
    );
    assert.match(promoted, new RegExp(`-    commit: ${search}\n\\+    commit: ${good}`));
    const pins = async () => parseProof((await prod.engine.outputs()).proved)?.pins["team-search/team-search"];
    const proved = await pins();
    await prod.engine.upKilled("team-search.team-search-source updat", {}, cwd);
    await prod.engine.succeed(["cancel", "--yes"]);
    assert.deepEqual(await pins(), proved);
    await prod.engine.up({ cwd });
    assert.deepEqual([Object.values(proved ?? {}), Object.values((await pins()) ?? {})], [[search], [search, good]]);
    assert.deepEqual([await followed(prod, "team-payments"), await followed(prod, "team-search")], [payments, good]);

    await set(overlay("team-search"), ["sync", "ref", "commit"], bad);
    assert.match(
      await prod.engine.upFails({ cwd }),
      /was never Ready with the revision [0-9a-f]{40} of team-search\. Run/,
    );
    await set(overlay("team-search"), ["sync", "ref", "commit"], good);
    await fleet("promote", "staging", "prod-eu", "--tenant", "team-search", "--back");
    await prod.engine.up({ cwd });
    assert.equal(await followed(prod, "team-search"), search);
  });

  it("gets all but a tenant that broke on the first cluster, which stays as it is until it is mended there", async () => {
    await set("stacks/base/tenants/team-payments.yaml", ["limits"], { pods: 41 });
    await set("stacks/base/tenants/team-search.yaml", ["limits", "pods"], 42);
    await staging.engine.up({ cwd });
    await well.restore();
    const waited = await fleet("wait", "staging", "--timeout", "0s", "--leave-broken", "1");
    assert.match(waited, /\n(?: {2}team-payments: .*\n)+These tenants stay behind\.$/);
    assert.match(
      await prod.engine.upFails({ cwd }),
      /npx fleet up: prod-eu --leave-blocked: updates everything else, and leaves team-payments as it is\./,
    );
    const proved = async () => parseProof((await prod.engine.outputs()).proved);
    const ofBroken = async () => {
      const resources = (await prod.engine.resources()).filter(({ urn }) => urn.includes("::team-payments"));
      // A secret is encrypted anew with each update.
      const written = (inputs: unknown) => JSON.stringify(inputs ?? {}).replaceAll(/"ciphertext":"[^"]*"/g, "");
      const stated = resources.map(({ urn, id, inputs }) => [urn, id, written(inputs)]).sort();
      return { stated, objects: await objectsOf(prod, TENANT_LABEL, "team-payments") };
    };
    const [before, former] = [await ofBroken(), await proved()];
    assert.ok(before.stated.length > 10 && Object.keys(before.objects).length > 5, JSON.stringify(before));
    const { exitCode, all } = await fleetUpUnblocked(prod, cwd);
    assert.equal(exitCode, 0, all);
    assert.match(all, /the tenant team-payments stays as it is: \S+ the stack staging has applied this base file/);
    assert.deepEqual(await ofBroken(), before);
    assert.equal(await podsOf(prod, "team-search"), "42");
    const now = await proved();
    assert.deepEqual(
      [now?.tenants["team-payments"], Object.keys(now?.leftOut ?? {})],
      [former?.tenants["team-payments"], ["team-payments"]],
    );
    assert.notDeepEqual(now?.tenants["team-search"], former?.tenants["team-search"]);
    // The engine alone would delete the tenant: the program registers none of it.
    const deleting = await prod.engine.upFails({ cwd, env: { FLEET_LEFT_OUT: "/nonexistent/update.json" } });
    assert.match(deleting, /FLEET_LEFT_OUT: names no running `fleet up`/);
    assert.deepEqual((await ofBroken()).stated, before.stated);

    await broken.restore();
    assert.match(await fleet("wait", "staging", "--timeout", "2m"), /\nteam-payments is Ready at/);
    const mended = await fleetUpUnblocked(prod, cwd);
    assert.equal(mended.exitCode, 0, mended.all);
    assert.doesNotMatch(mended.all, /stays as it is/);
    assert.equal(await podsOf(prod, "payments"), "41");
    assert.equal((await proved())?.leftOut, undefined);
  });
});

/** The commit that a tenant's source follows on a cluster. */
async function followed({ kubernetes }: TestEnvironment, tenant: string): Promise<string | undefined> {
  const namespace = tenants.find(({ name }) => name === tenant)?.namespace ?? tenant;
  const source = { kind: "GitRepository", namespace, name: tenant } as const;
  return sourceView.parse(await new FluxObjects(kubernetes).get(source)).spec.ref.commit;
}

/** The pods that the quota of a namespace allows on a cluster. */
async function podsOf({ kubernetes }: TestEnvironment, namespace: string): Promise<string | undefined> {
  const { spec } = await kubernetes.client(CoreV1Api).readNamespacedResourceQuota({ namespace, name: "tenant" });
  return spec?.hard?.pods;
}

/** The times from which a stack has run the base files of its tenants. */
async function provedTimes({ engine }: TestEnvironment): Promise<Proof["tenants"]> {
  return parseProof((await engine.outputs()).proved)?.tenants ?? {};
}
