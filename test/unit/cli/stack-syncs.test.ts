import assert from "node:assert/strict";
import type { Sender } from "../../../cli/cluster/api-client.js";
import { type AppliedSince, lookAtSyncs, lookOf } from "../../../cli/wait/stack-syncs.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { controllerNames } from "../../../operate/status/controllers.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const revision = `main@sha1:${"a".repeat(40)}`;
const older = `main@sha1:${"b".repeat(40)}`;
const spec = fleetSpec({
  tenants: [tenantSpec("team-a", { syncs: { jobs: { path: "./jobs" }, held: { path: "./held", suspend: true } } })],
});

/** An object of Flux. @param status beside its condition */
function flux(namespace: string, name: string, status: object = {}, message?: string) {
  const condition = { type: "Ready", status: message === undefined ? "True" : "False", message, observedGeneration: 2 };
  return { metadata: { namespace, name, generation: 2 }, status: { conditions: [condition], ...status } };
}

const fetched = { artifact: { revision } };
const applied = { lastAppliedRevision: revision, history: [{ lastReconciled: "2026-01-01T00:01:00Z" }] };
const sources = [flux("flux-system", "platform", fetched), flux("team-a", "team-a", fetched)];
const syncs = [
  flux("flux-system", "platform", applied),
  flux("team-a", "team-a", applied),
  flux("team-a", "jobs", applied),
];

/** The Deployment of a controller. @param message of the condition Available, if the pod is not */
function controller(name: string, message?: string) {
  const condition = { type: "Available", status: "False", message };
  const [availableReplicas, conditions] = message === undefined ? [1, []] : [0, [condition]];
  return {
    metadata: { namespace: "flux-system", name, generation: 2, labels: { "app.kubernetes.io/part-of": "flux" } },
    spec: { replicas: 1 },
    status: { availableReplicas, updatedReplicas: 1, observedGeneration: 2, conditions },
  };
}

/** A sync whose files changed. */
function edit(one: object): object {
  const { metadata } = one as { readonly metadata: object };
  return { ...one, metadata: { ...metadata, generation: 3 } };
}

const controllers = controllerNames(spec.flux).map((name) => controller(name));

interface Found {
  readonly sources?: object[];
  readonly syncs?: object[];
  readonly controllers?: object[];
  readonly of?: FleetSpec;
}

/** The look at a cluster with these objects. */
async function look(found: Found = {}, since: AppliedSince = () => undefined) {
  const requests: string[] = [];
  const client = clientOf(() => found, requests);
  const states = await lookAtSyncs(client, found.of ?? spec, since)();
  assert.deepEqual(requests, [
    "source.toolkit.fluxcd.io/v1/gitrepositories",
    "kustomize.toolkit.fluxcd.io/v1/kustomizations",
    "apps/v1/namespaces/flux-system/deployments",
  ]);
  return lookOf(states);
}

/** A client of a cluster. @param found the objects at the time of a request @param requests gets the path of each */
function clientOf(found: () => Found, requests: string[] = []): Sender {
  return {
    send: async ({ path }) => {
      const [place = ""] = path.slice("/apis/".length).split("?");
      requests.push(place);
      const lists = { gitrepositories: sources, kustomizations: syncs, deployments: controllers };
      const kind = place.split("/").at(-1) as keyof typeof lists;
      const { sources: ofSources, syncs: ofSyncs, controllers: ofControllers } = found();
      const own = { gitrepositories: ofSources, kustomizations: ofSyncs, deployments: ofControllers }[kind];
      return { status: 200, body: { kind: "List", items: own ?? lists[kind] } };
    },
  };
}

/** The syncs with one of them changed. */
function changed(name: string, status: object, message?: string): object[] {
  return syncs.map((one) =>
    one.metadata.name === name ? flux(one.metadata.namespace, name, { ...applied, ...status }, message) : one,
  );
}

describe("a look at the syncs of a stack", () => {
  it("has each that is not Ready, in Flux's words in one line, and a missing one", async () => {
    const long = `quota\n exceeded ${"x".repeat(400)}`;
    const { revisions, waiting } = await look({ syncs: changed("team-a", {}, long) });
    assert.deepEqual(Object.keys(revisions), ["platform", "team-a/jobs"]);
    const [reason = ""] = Object.values(waiting);
    assert.match(reason, /^Kustomization team-a\/team-a: quota exceeded x+…$/);
    assert.equal(reason.length, 300);
    assert.deepEqual((await look({ syncs: syncs.slice(0, 2) })).waiting, {
      "team-a/jobs": "Kustomization team-a/jobs: does not exist",
    });
  });

  it("has one that is Ready with another revision than its source has", async () => {
    const { waiting } = await look({ syncs: changed("jobs", { lastAppliedRevision: older }) });
    assert.deepEqual(waiting, {
      "team-a/jobs": `Kustomization team-a/jobs: has applied ${older}, and its source has ${revision}`,
    });
    const { waiting: all } = await look({
      sources: [flux("flux-system", "platform", fetched), flux("team-a", "team-a", {})],
    });
    assert.match(String(all["team-a/team-a"]), /and its source has nothing$/);
  });

  it("has one that was suspended by hand, and whose source was, although its condition stays Ready", async () => {
    const held = <One extends object>(one: One) => ({ ...one, spec: { suspend: true } });
    const isJobs = (one: object) => one === syncs[2];
    const { revisions, waiting } = await look({ syncs: syncs.map((one) => (isJobs(one) ? held(one) : one)) });
    assert.deepEqual(Object.keys(revisions), ["platform", "team-a/team-a"]);
    assert.deepEqual(waiting, {
      "team-a/jobs": "Kustomization team-a/jobs: is suspended on the cluster, and in no file",
    });
    const { waiting: all } = await look({ sources: sources.map(held) });
    assert.deepEqual(Object.keys(all), ["platform", "team-a/team-a", "team-a/jobs"]);
  });

  it("tells a tag from a branch that has its name", async () => {
    const following = (ref: object) => sources.map((one) => ({ ...one, spec: { ref } }));
    for (const ref of [{ tag: "main" }, { semver: "*" }]) {
      const { revisions } = await look({ sources: following(ref) });
      assert.equal(revisions["team-a/team-a"], `refs/tags/${revision}`);
    }
    const { revisions } = await look({ sources: following({ branch: "main" }) });
    assert.equal(revisions["team-a/team-a"], revision);
    const named = `refs/tags/v1@sha1:${"a".repeat(40)}`;
    const branch = await look({
      sources: [flux("flux-system", "platform", { artifact: { revision: named } })],
      syncs: [flux("flux-system", "platform", { ...applied, lastAppliedRevision: named })],
    });
    assert.equal(branch.revisions.platform, `sha1:${"a".repeat(40)}`);
  });

  it("has the platform while a controller of Flux is missing or not available, although its sync stays Ready", async () => {
    const [first, ...others] = controllers;
    const { revisions, waiting } = await look({ controllers: others });
    assert.deepEqual(Object.keys(revisions), ["team-a/team-a", "team-a/jobs"]);
    assert.deepEqual(waiting, { platform: `Deployment flux-system/${first?.metadata.name}: does not exist` });
    const crashing = controllers.map((one) =>
      one.metadata.name === "helm-controller" ? controller("helm-controller", "no minimum availability") : one,
    );
    assert.deepEqual((await look({ controllers: crashing })).waiting, {
      platform: "Deployment flux-system/helm-controller: 0 of 1 pods are available: no minimum availability",
    });
  });

  it("names a Deployment that is labelled as Flux's and is none of the stack's, and does not count it", async () => {
    const extra = [...controllers, controller("debugger", "no minimum availability")];
    const states = await lookAtSyncs(
      clientOf(() => ({ controllers: extra })),
      spec,
      () => undefined,
    )();
    assert.deepEqual(lookOf(states).waiting, {});
    assert.deepEqual(
      states.flatMap(({ notes = [] }) => notes),
      [
        "Deployment flux-system/debugger is labelled as Flux's, and is none of the stack's controllers: it does not count",
      ],
    );
    // The labels are not what makes a controller, so one without them is not missing.
    const bare = controllers.map((one) => ({ ...one, metadata: { ...one.metadata, labels: {} } }));
    assert.deepEqual((await look({ controllers: bare })).waiting, {});
  });

  describe("in the middle of the runs that Flux makes at each interval", () => {
    const running = (status: object = {}) => {
      const condition = {
        type: "Ready",
        status: "Unknown",
        reason: "Progressing",
        message: "in progress",
        observedGeneration: 2,
      };
      return changed("jobs", { conditions: [condition], ...status });
    };
    const waitingIn = async (...looks: readonly object[][]) => {
      let found: readonly object[] = [];
      const lookOnce = lookAtSyncs(
        clientOf(() => ({ syncs: [...found] })),
        spec,
        () => undefined,
      );
      let waiting: Readonly<Record<string, string>> = {};
      for (const one of looks) {
        found = one;
        waiting = lookOf(await lookOnce()).waiting;
      }
      return waiting;
    };
    const inProgress = { "team-a/jobs": "Kustomization team-a/jobs: in progress" };

    it("has a sync whose last outcome it has not seen", async () => {
      assert.deepEqual(await waitingIn(running()), inProgress);
      assert.deepEqual(await waitingIn(running(), running()), inProgress);
      assert.deepEqual(await waitingIn(changed("jobs", {}, "quota exceeded"), running()), inProgress);
      // Ready once, then failed, then tried again.
      assert.deepEqual(await waitingIn(syncs, changed("jobs", {}, "quota exceeded"), running()), inProgress);
    });

    it("has one that applies another revision or generation than the one that was Ready", async () => {
      assert.deepEqual(await waitingIn(syncs, running({ lastAppliedRevision: older })), inProgress);
      const edited = running().map((one, index) => (index === 2 ? edit(one) : one));
      assert.deepEqual(await waitingIn(syncs, edited), inProgress);
    });

    it("has none that it has seen Ready before the run, for as many looks as it lasts", async () => {
      assert.deepEqual(await waitingIn(syncs, running(), running()), {});
    });
  });

  it("has the platform while a sync of its infrastructure fails, is behind, or was suspended by hand", async () => {
    const of = (status: object, message?: string) => ({
      ...flux("flux-system", "infrastructure", status, message),
      spec: { sourceRef: { kind: "GitRepository", name: "platform" } },
    });
    const waitingFor = async (one: object) => (await look({ syncs: [...syncs, one] })).waiting;
    assert.deepEqual(await waitingFor(of(applied)), {});
    assert.deepEqual(await waitingFor(of(applied, "health check failed")), {
      platform: "Kustomization flux-system/infrastructure: health check failed",
    });
    assert.deepEqual(await waitingFor(of({ lastAppliedRevision: older })), {
      platform: `Kustomization flux-system/infrastructure: has applied ${older}, and its source has ${revision}`,
    });
    for (const sourceRef of [
      { kind: "OCIRepository", name: "platform" },
      { kind: "GitRepository", name: "platform", namespace: "team-a" },
    ]) {
      assert.deepEqual(await waitingFor({ ...of({ lastAppliedRevision: older }), spec: { sourceRef } }), {});
    }
    const here = { kind: "GitRepository", name: "platform", namespace: "flux-system" };
    const behind = await waitingFor({ ...of({ lastAppliedRevision: older }), spec: { sourceRef: here } });
    assert.match(behind.platform ?? "", /has applied/);
    const suspendedBy = (manager: string) => {
      const managedFields = [{ manager, operation: "Apply", fieldsV1: { "f:spec": { "f:suspend": {} } } }];
      const { metadata, spec: own, ...one } = of({ lastAppliedRevision: older });
      return { ...one, metadata: { ...metadata, managedFields }, spec: { ...own, suspend: true } };
    };
    assert.deepEqual(await waitingFor(suspendedBy("flux")), {
      platform: "Kustomization flux-system/infrastructure: is suspended by flux, and by no file",
    });
    assert.deepEqual(await waitingFor(suspendedBy("kustomize-controller")), {});
  });

  it("has one that is Ready from before the update that changed its namespace", async () => {
    const since: AppliedSince = (source) => (source.startsWith("team-a/") ? "2026-01-01T00:01:01Z" : undefined);
    const { revisions, waiting } = await look({}, since);
    assert.deepEqual(Object.keys(revisions), ["platform"]);
    assert.match(waiting["team-a/team-a"] ?? "", /: Flux has not applied it since the update of 2026-01-01T00:01:01Z$/);
    const none = changed("jobs", { history: undefined });
    assert.ok((await look({ syncs: none }, () => "2026-01-01T00:00:00Z")).waiting["team-a/jobs"]);
  });

  it("has a sync that its file freezes at its fetched revision, and none that fails there", async () => {
    const freeze = { until: "2099-01-31", reason: "Migration" };
    const of = fleetSpec({
      tenants: [tenantSpec("team-a", { sync: { freeze }, syncs: { jobs: { path: "./jobs", freeze } } })],
    });
    const stale = flux("team-a", "team-a", fetched, "authentication failed");
    const suspended = { ...stale, metadata: { ...stale.metadata, generation: 3 }, spec: { suspend: true } };
    const frozen = { of, sources: [sources[0] ?? {}, suspended] };
    const { revisions, waiting } = await look({ ...frozen, syncs: changed("jobs", {}, "quota exceeded") });
    assert.deepEqual(Object.keys(revisions), ["platform", "team-a/team-a"]);
    assert.deepEqual(waiting, { "team-a/jobs": "Kustomization team-a/jobs: quota exceeded" });
    const behind = await look({ ...frozen, syncs: changed("jobs", { lastAppliedRevision: older }) });
    assert.match(behind.waiting["team-a/jobs"] ?? "", /has applied .*, and its source has/);
    // A suspended source follows no other reference, and the Ready condition of the sync does not show it.
    const pinned = { ...suspended, spec: { suspend: true, ref: { branch: "main", commit: "c".repeat(40) } } };
    const { waiting: elsewhere } = await look({ of, sources: [sources[0] ?? {}, pinned] });
    assert.match(
      elsewhere["team-a/team-a"] ?? "",
      /GitRepository team-a\/team-a: is frozen at .* and its file follows c+/,
    );
    // The update that freezes it has not run, or its source was resumed by hand: it is like any other.
    assert.match(
      (await look({ of, sources: [sources[0] ?? {}, stale] })).waiting["team-a/jobs"] ?? "",
      /authentication/,
    );
  });

  it("has the revisions of all that are Ready, and no sync that a file suspends", async () => {
    const all = { platform: revision, "team-a/team-a": revision, "team-a/jobs": revision };
    assert.deepEqual(await look({}, () => "2026-01-01T00:01:00Z"), { revisions: all, waiting: {} });
  });
});
