import assert from "node:assert/strict";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { TENANT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { clusterInventory, fingerprints } from "../support/e2e/cluster-inventory.js";
import { ready } from "../support/e2e/flux-objects.js";
import { type AgeKey, ageKey, sealedSecret } from "../support/e2e/sealed.js";
import { waitFor } from "../support/e2e/wait-for.js";
import { secret as secretOf, signOfLife } from "../support/objects/configuration.js";
import { reference } from "../support/objects/object.js";
import { CATEGORIES, isSwitched, type SwitchedAttack } from "./attack.js";
import { attacks } from "./catalogue.js";
import { CONTROLS, SWITCH_ORDER, type SwitchableControl } from "./controls.js";
import { describeVector } from "./describe-vector.js";
import { goesThrough, refused } from "./harness/assertions.js";
import { createForReal, isReal } from "./harness/create-for-real.js";
import { PER_ATTACK, SWITCHES } from "./harness/switches.js";
import { TestFleet } from "./harness/test-fleet.js";
import { deployed, deployedFiles, type Live, outcomes, volumeFor } from "./legitimate/deployed.js";
import { pushed, pushedFiles } from "./legitimate/pushed.js";
import { legitimate } from "./legitimate.js";
import { placeholderTarget } from "./placeholder-target.js";
import { create, objectPath, remove } from "./request.js";
import { syncOf } from "./tenant-objects.js";

/**
 * One fleet, and a tenant that carries out every attack. First every control is in place. Then the suite removes the
 * controls one after the other. Just before, each attack that a control stops reads its refusal; just after, it reads
 * that of the next control, or it succeeds. Nothing is restored, because the sandbox is deleted.
 */
describe("A hostile tenant", function () {
  this.timeout(10 * 60_000);
  const begun = Date.now();
  let fleet: TestFleet;
  /** Fingerprints of the platform's objects for its tenants, before the first attack. */
  let untouched: Readonly<Record<string, string>>;
  before(async () => {
    fleet = await TestFleet.create(attacks);
    untouched = await ofPlatform();
  });
  beforeEach(() => fleet.renewTokens());
  after(async () => {
    await fleet?.end();
    process.stdout.write(`\n    ${attacks.length} attacks took ${Math.round((Date.now() - begun) / 1000)} s in all\n`);
  });

  describe("keeps what a team does every day:", () => {
    for (const each of legitimate) {
      it(each.title, () =>
        isReal(each, fleet)
          ? createForReal(fleet, each)
          : goesThrough(fleet, { kind: "request", request: each.request(fleet.place) }, "reconciler"),
      );
    }

    it("a sync, a release, a source, a workload and a Service, pushed together", async () => {
      const { tenant } = fleet;
      await tenant.clone.write(pushedFiles);
      await tenant.applied(await tenant.push(...pushed(tenant)));
      await tenant.applied(await tenant.push());
      const label = `kustomize.toolkit.fluxcd.io/name=${tenant.name}`;
      for (const kind of ["Kustomization", "HelmRelease", "GitRepository"] as const) {
        await waitFor(async () => (await tenant.flux.list(kind, label)).length === 0, {
          timeout: 180_000,
          describe: () => `the tenant's ${kind} is not removed`,
        });
      }
    });
  });

  describe("has its application built and run:", () => {
    before(async () => {
      const { tenant, place, admin } = fleet;
      const volume = await admin.send(create(volumeFor(place)));
      assert.ok(volume.ok, JSON.stringify(volume.body.message));
      await tenant.clone.write(deployedFiles);
      await tenant.applied(await tenant.push(...deployed(place)));
    });
    after(async () => {
      const { tenant, place, admin } = fleet;
      await tenant.applied(await tenant.push());
      for (const { where } of outcomes) {
        await waitFor(
          async () => (await admin.send({ method: "GET", path: objectPath(where(place)) })).status === 404,
          { timeout: 180_000, describe: () => `${JSON.stringify(where(place))} is still there` },
        );
      }
      assert.ok((await admin.send(remove(volumeFor(place)))).ok);
    });

    for (const { title, where, holds } of outcomes) {
      it(title, async () => {
        const path = objectPath(where(fleet.place));
        let last: unknown;
        await waitFor(
          async () => {
            const { ok, body } = await fleet.admin.send({ method: "GET", path });
            last = body;
            return ok && holds(body as unknown as Live);
          },
          { timeout: 180_000, describe: () => JSON.stringify(last) },
        );
      });
    }
  });

  describe("keeps what it has sealed to itself:", () => {
    it("a Secret that SOPS has encrypted is opened by the tenant's own key, and by no other", async () => {
      const { tenant, place } = fleet;
      const [own, others] = [await ageKey(), await ageKey()];
      const account = await fleet.as("reconciler");
      const keys = (name: string, { identity }: AgeKey) => secretOf({ ...place, name }, { "key.agekey": identity });
      for (const secret of [keys("own-key", own), keys("another-key", others)]) {
        const made = await account.send(create(secret));
        assert.ok(made.ok, JSON.stringify(made.body.message));
      }
      await tenant.clone.write({
        "sealed/secret.yaml": await sealedSecret("sealed", { password: "made up" }, own.recipient),
      });
      const sync = (name: string, key: string) =>
        syncOf(place, name, { path: "./sealed", decryption: { provider: "sops", secretRef: { name: key } } });
      await tenant.applied(await tenant.push(sync("opened", "own-key")));
      const path = objectPath(reference("Secret", { name: "sealed", namespace: place.namespace }));
      const { body } = await account.send({ method: "GET", path });
      assert.deepEqual(body.data, { password: Buffer.from("made up").toString("base64") });

      // Not pushed: the root sync would wait for what never gets Ready.
      const closed = sync("opened-by-another", "another-key");
      assert.ok((await account.send(create(closed))).ok);
      const reason = await tenant.flux.waitFor(
        tenant.own("Kustomization", closed.metadata.name),
        (one) => ready(one)?.status === "False",
        180_000,
      );
      assert.match(ready(reason)?.message ?? "", /cannot get sops data key|failed to decrypt/i);
      assert.ok((await account.send(remove(closed))).ok);
      await tenant.applied(await tenant.push());
    });
  });

  for (const category of CATEGORIES) {
    describe(`is refused ${category}:`, () => {
      for (const attack of attacks.filter((one) => one.category === category)) {
        const { title, by, stoppedBy, attempt } = attack;
        const [{ message }] = stoppedBy;
        it(`${title}, by ${describeVector(attack, attempt(placeholderTarget))}`, () =>
          refused(fleet, attempt(fleet.place), by, message));
      }
    });
  }

  describe("is let through without the one thing that Flux itself refuses:", () => {
    for (const attack of attacks) {
      if (isSwitched(attack)) continue;
      it(attack.title, () => goesThrough(fleet, attack.counterpart(fleet.place), attack.by));
    }
  });

  describe("has beside that", () => {
    it("no right at all in the neighbour's namespace, but what everybody has", async () => {
      const { neighbour } = fleet.place;
      const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview" };
      const { body } = await (await fleet.as("reconciler")).send({
        method: "POST",
        path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
        body: { ...review, spec: { namespace: neighbour } },
      });
      const { resourceRules } = body.status as { resourceRules: readonly { resources?: readonly string[] }[] };
      const resources = resourceRules.flatMap(({ resources = [] }) => resources);
      assert.deepEqual(
        resources.filter((resource) => !resource.startsWith("self")),
        [],
      );
    });

    it("everything in its own namespace that it pushes for the neighbour's", async () => {
      const { tenant, place, admin } = fleet;
      const astray = reference("ConfigMap", { name: "astray", namespace: place.neighbour });
      await tenant.applied(await tenant.push({ ...signOfLife("astray"), metadata: astray.metadata }));
      const found = await admin.send({
        method: "GET",
        path: objectPath(reference("ConfigMap", { name: "astray", namespace: place.namespace })),
      });
      assert.equal(found.status, 200);
      assert.equal((await admin.send({ method: "GET", path: objectPath(astray) })).status, 404);
    });
  });

  describe("in all this", () => {
    it("has changed nothing that the platform made for any tenant", async () => {
      assert.deepEqual(await ofPlatform(), untouched);
    });
  });

  describe("is let through, or meets the next control, once there is no", () => {
    for (const control of SWITCH_ORDER) {
      const concerned = attacks
        .filter(isSwitched)
        .filter(({ stoppedBy }) => stoppedBy.some((layer) => layer.control === control));
      it(`${CONTROLS[control].title}: ${concerned.map(({ id }) => id).join(", ")}`, async () => {
        const groups = PER_ATTACK.has(control) ? concerned.map((attack) => [attack]) : [concerned];
        for (const group of groups) await takeAway(control, group);
      });
    }
  });

  async function ofPlatform(): Promise<Readonly<Record<string, string>>> {
    const inventory = await clusterInventory(fleet.environment.kubernetes);
    const { tenant, neighbour } = fleet.place;
    return { ...fingerprints(inventory, TENANT_LABEL, tenant), ...fingerprints(inventory, TENANT_LABEL, neighbour) };
  }

  async function takeAway(control: SwitchableControl, group: readonly SwitchedAttack[]): Promise<void> {
    const [any] = group;
    assert.ok(any, `nothing shows what ${control} is for`);
    for (const { stoppedBy, attempt, by } of group) {
      const layer = stoppedBy.find((one) => one.control === control);
      await refused(fleet, attempt(fleet.place), by, layer?.message ?? /^$/);
    }
    await SWITCHES[control](fleet, any);
    for (const { id, stoppedBy, attempt, by } of group) {
      const next = stoppedBy[stoppedBy.findIndex((one) => one.control === control) + 1];
      const met =
        next === undefined
          ? goesThrough(fleet, attempt(fleet.place), by)
          : refused(fleet, attempt(fleet.place), by, next.message);
      await met.catch((error: unknown) => {
        throw new Error(`${id}: ${messageOf(error)}`);
      });
    }
  }
});
