import assert from "node:assert/strict";
import fc from "fast-check";
import { tenantLabels } from "../../../../lib/kubernetes/ownership-labels.js";
import { type CommitStatus, commitStatuses, waitingNamespaces } from "../../../../operate/status/commit-statuses.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const [first, second] = ["a".repeat(40), "b".repeat(40)];
const spec = fleetSpec({ cluster: "eu", tenants: [tenantSpec("shop")] });

interface Sync {
  readonly status?: string;
  readonly message?: string;
  readonly tried?: string;
  readonly applied?: string;
  readonly suspend?: boolean;
  readonly observed?: number;
}

function live(kind: Readonly<Record<string, unknown>>, name = "shop") {
  const common = { labels: tenantLabels("staging", "shop"), annotations: {}, managedFields: [] };
  return { metadata: { name, namespace: "shop", generation: 2, ...common }, ...kind };
}

/** The tenant's sync. @default one that has failed with the second commit */
function syncOf({ status = "False", message = "", tried = second, applied = first, ...rest }: Sync = {}) {
  const condition = { type: "Ready", status, message, observedGeneration: rest.observed ?? 2 };
  const revision = (commit: string) => `main@sha1:${commit}`;
  const revisions = { lastAttemptedRevision: revision(tried), lastAppliedRevision: revision(applied) };
  return live({ spec: { suspend: rest.suspend ?? false }, status: { conditions: [condition], ...revisions } });
}

function eventOf(owner: string, message: string, time: string, { reason = "FailedCreate", namespace = "shop" } = {}) {
  const involvedObject = { kind: "ReplicaSet", namespace, name: owner };
  const event = live({ involvedObject, reason, message, lastTimestamp: time }, `${owner}.${time}`);
  return { ...event, metadata: { ...event.metadata, namespace } };
}

const only = (sync: Sync, events: ReturnType<typeof eventOf>[] = []): CommitStatus | undefined => {
  const [status, ...others] = commitStatuses(spec, { syncs: [syncOf(sync)], events });
  assert.deepEqual(others, []);
  return status;
};

describe("the statuses of commits", () => {
  const waiting = "health check failed after 3m0s: timeout waiting for: [Deployment/shop/web status: 'InProgress']";

  for (const [title, sync] of [
    ["is suspended", { suspend: true }],
    ["is still at work", { status: "Unknown", message: "Reconciliation in progress" }],
    ["is Ready with an older commit", { status: "True" }],
    ["was observed in an older generation", { status: "True", tried: first, observed: 1 }],
    ["has tried no commit", { tried: "none" }],
  ] as const) {
    it(`do not exist where a sync ${title}`, () => assert.equal(only(sync), undefined));
  }

  it("do not exist for a sync that is not on the cluster, or that the tenant made itself", () => {
    assert.deepEqual(commitStatuses(spec, { syncs: [] }), []);
    const own = { ...syncOf(), metadata: { ...syncOf().metadata, name: "own" } };
    assert.deepEqual(commitStatuses(spec, { syncs: [own] }), []);
  });

  it("have Flux's reason of a failure, at the commit that was tried", () => {
    assert.deepEqual(only({ message: "kustomize build failed:\n  no such file" }), {
      repository: "shop",
      context: "eu/shop/shop",
      commit: second,
      state: "failure",
      description: "kustomize build failed: no such file",
    });
  });

  it("have the object and the words of an admission policy, without the way there", () => {
    const way = `Deployment/shop/web dry-run failed (Forbidden): deployments.apps "web" is forbidden: `;
    const policy = "ValidatingAdmissionPolicy 'fleet-images' with binding 'fleet-images' denied request: ";
    assert.equal(only({ message: `${way}${policy}pin it` })?.description, "Deployment/shop/web: pin it");
  });

  it("have the newest refusal of the pods that a health check waits for", () => {
    const events = [
      eventOf("web-7d9", 'Error creating: pods "web-7d9-1" is forbidden: older', "2026-11-27T10:00:00Z"),
      eventOf(
        "web-7d9",
        '(combined from similar events): Error creating: pods "web-7d9-2" is forbidden: exceeded\nquota',
        "2026-11-27T10:01:00Z",
      ),
      eventOf("api-5c4", "Error creating: of another workload", "2026-11-27T10:02:00Z"),
      eventOf("web-7d9", "no refusal", "2026-11-27T10:03:00Z", { reason: "SuccessfulCreate" }),
    ];
    const words = 'Deployment/web: pods "web-7d9-2" is forbidden: exceeded quota';
    assert.equal(only({ message: waiting }, events)?.description, words);
    assert.equal(only({ message: waiting })?.description, waiting.replace(" after 3m0s", ""));
    assert.equal(only({ message: "kustomize build failed" }, events)?.description, "kustomize build failed");
  });

  it("have no refusal of another tenant's pods, whatever the tenant's repository has Flux say", () => {
    const other = "api";
    const event = eventOf("web-7d9", "Error creating: of the other tenant", "2026-11-27T10:00:00Z", {
      namespace: other,
    });
    const tenants = [tenantSpec("shop"), tenantSpec(other)];
    for (const message of [
      `health check failed after 3m0s: timeout waiting for: [Deployment/${other}/web status: 'InProgress']`,
      `accumulating resources from "Deployment/${other}/web status: 'x": no such file`,
    ]) {
      const syncs = [syncOf({ message })];
      const [status] = commitStatuses({ ...spec, tenants }, { syncs, events: [event] });
      assert.doesNotMatch(status?.description ?? "", /of the other tenant/);
      assert.deepEqual(waitingNamespaces({ tenants }, syncs), []);
    }
    // The tenant's own text is no health check either.
    const own = eventOf("web-7d9", "Error creating: quota", "2026-11-27T10:00:00Z");
    const text = `accumulating resources from "Deployment/shop/web status: 'x": no such file`;
    assert.equal(only({ message: text }, [own])?.description, text);
  });

  it("do not exist for a sync that the tenant made under the name of one that is not created yet", () => {
    for (const labels of [{}, tenantLabels("staging", "api")]) {
      const made = syncOf({ message: waiting });
      const syncs = [{ ...made, metadata: { ...made.metadata, labels } }];
      assert.deepEqual([commitStatuses(spec, { syncs }), waitingNamespaces(spec, syncs)], [[], []]);
    }
  });

  it("are the same for each attempt of a build and of a health check", () => {
    const build = (number: string) =>
      `kustomize build failed: open /tmp/kustomization-${number}/deploy/x.yaml: no such file in '/tmp/kustomization-${number}'`;
    const words = "kustomize build failed: open ./deploy/x.yaml: no such file in '.'";
    for (const number of ["878691743", "2004"]) assert.equal(only({ message: build(number) })?.description, words);
    for (const length of ["30.001s", "1m30.5s", "812µs"]) {
      const message = `health check failed after ${length}: timeout waiting for: [Deployment/shop/web status: 'InProgress']`;
      assert.equal(only({ message })?.description, waiting.replace(" after 3m0s", ""));
    }
  });

  it("name the namespaces whose events are needed, and no others", () => {
    assert.deepEqual(waitingNamespaces(spec, [syncOf({ message: waiting })]), ["shop"]);
    assert.deepEqual(waitingNamespaces(spec, [syncOf({ message: "kustomize build failed" })]), []);
  });

  it("are successes once the commit is applied and Ready", () => {
    const status = only({ status: "True", tried: second, applied: second });
    assert.deepEqual([status?.commit, status?.state], [second, "success"]);
  });

  it("have another name where a notification of the tenant has Flux write statuses, so that neither replaces the other", () => {
    const notifications = { commits: { type: "github", secret: "commits" } } as const;
    const tenants = [tenantSpec("shop", { notifications })];
    const [status] = commitStatuses({ ...spec, tenants }, { syncs: [syncOf({ message: "a" })] });
    assert.equal(status?.context, "eu/shop/shop (reason)");
  });

  it("are one line of at most 140 characters, whatever Flux says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (message) => {
        const description = only({ message })?.description ?? "";
        assert.ok(description.length <= 140 && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(description), description);
      }),
      { numRuns: 30 },
    );
  });
});
