import assert from "node:assert/strict";
import { notificationSecret } from "../../../../components/tenant/notifications/notifications.js";
import { notificationParts } from "../../../../config/tenant/notifications/parts.js";
import { resourcesOf } from "../../../../config/tenant/parts.js";
import type { TenantSpec } from "../../../../config/tenant/schema.js";
import { TEXT_PATTERN } from "../../../../policies/admission/cel/flux-expressions.js";
import type { Recording } from "../../../../review/record/recorder.js";
import { ownRepository, recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

type Notifications = TenantSpec["notifications"];

const slack: Notifications[string] = { type: "slack", secret: "slack", events: "error", syncs: [] };

/** A tenant with a second namespace and a second sync, which is in it. */
function twoNamespaces(notifications: Notifications): TenantSpec {
  return tenantSpec("team-a", {
    notifications,
    namespaces: { "team-a-jobs": {} },
    syncs: { jobs: { path: "./jobs", namespace: "team-a-jobs" } },
  });
}

function partsOf(tenant: TenantSpec) {
  return notificationParts(tenant, resourcesOf(tenant));
}

describe("a tenant's notifications", () => {
  it("are none, and cost nothing, unless the file asks for them", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a")] }));
    assert.deepEqual(fleet.ofType("fleet:tenant:Notifications"), []);
  });

  it("are in each namespace, because Flux takes no reference from one to another", () => {
    const parts = partsOf(twoNamespaces({ slack }));
    assert.deepEqual(
      parts.map(({ namespace, name }) => [namespace, name]),
      [
        ["team-a", "tenant-notify-slack"],
        ["team-a-jobs", "tenant-notify-slack"],
      ],
    );
    for (const { sources } of parts) {
      for (const source of sources) assert.deepEqual(Object.keys(source).sort(), ["kind", "name"]);
    }
  });

  it("about some syncs are where those are, and about their sources", () => {
    assert.deepEqual(
      partsOf(twoNamespaces({ slack: { ...slack, syncs: ["jobs"] } })).map(({ namespace, sources }) => [
        namespace,
        sources,
      ]),
      [
        [
          "team-a-jobs",
          [
            { kind: "Kustomization", name: "jobs" },
            { kind: "GitRepository", name: "jobs" },
          ],
        ],
      ],
    );
  });

  it("on commits are about Kustomizations alone: no other event names a commit", () => {
    const status: Notifications[string] = { type: "github", secret: "status", events: "info", syncs: [] };
    const [part] = partsOf(tenantSpec("team-a", { notifications: { status } }));
    assert.deepEqual(part?.sources, [{ kind: "Kustomization", name: "*" }]);
  });

  it("put a secret where notification-controller looks for it", () => {
    const address = "https://hooks.example.com/";
    assert.deepEqual(notificationSecret(slack, "v"), { address: "v" });
    assert.deepEqual(notificationSecret({ ...slack, address, channel: "c" }, "v"), { token: "v" });
    assert.deepEqual(notificationSecret({ ...slack, type: "msteams" }, "v"), { address: "v" });
    assert.deepEqual(notificationSecret({ ...slack, type: "generic" }, "v"), { address: "v" });
    assert.deepEqual(notificationSecret({ ...slack, type: "generic", address }, "v"), {
      headers: '{"Authorization":"Bearer v"}',
    });
    assert.deepEqual(notificationSecret({ ...slack, type: "generic-hmac", address }, "v"), { token: "v" });
    assert.deepEqual(notificationSecret({ ...slack, type: "github" }, "v"), { token: "v" });
  });

  describe("as they are registered", () => {
    const kind = (name: string) => `kubernetes:notification.toolkit.fluxcd.io/v1beta3:${name}`;
    const status: Notifications[string] = { type: "github", secret: "status", events: "info", syncs: [] };
    let fleet: Recording;
    before(async () => {
      fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { notifications: { slack, status } })] }), {
        secrets: { "team-a": { slack: "https://hooks.example.com/", status: "token" } },
      });
    });

    it("keep every value secret", () => {
      const secret = fleet.find("kubernetes:core/v1:Secret", "team-a.team-a.slack-notify-secret");
      assert.ok(secret.secretInputs.includes("data"));
      const { address } = secret.inputs.data as { address: string };
      assert.equal(Buffer.from(address, "base64").toString(), "https://hooks.example.com/");
      for (const { name, type, inputs } of fleet.registrations) {
        if (type === "kubernetes:core/v1:Secret") continue;
        assert.doesNotMatch(JSON.stringify(inputs), /hooks\.example\.com/, name);
      }
    });

    it("are a Provider and an Alert that refer to each other by name", () => {
      assert.deepEqual(fleet.find(kind("Provider"), "team-a.team-a.status-notify-provider").inputs.spec, {
        type: "github",
        address: "https://github.com/acme/team-a",
        commitStatusExpr: "'staging/' + event.involvedObject.namespace + '/' + event.involvedObject.name",
        secretRef: { name: "tenant-notify-status" },
      });
      const alert = fleet.find(kind("Alert"), "team-a.team-a.slack-notify-alert").inputs.spec as Record<
        string,
        unknown
      >;
      assert.deepEqual(alert.providerRef, { name: "tenant-notify-slack" });
      assert.equal(alert.eventSeverity, "error");
      assert.deepEqual(alert.eventMetadata, { cluster: "staging" });
    });

    it("name the cluster in a commit's status by an expression that the policy on expressions allows", () => {
      const { spec } = fleet.find(kind("Provider"), "team-a.team-a.status-notify-provider").inputs;
      const { commitStatusExpr } = spec as { readonly commitStatusExpr: string };
      assert.match(commitStatusExpr, new RegExp(TEXT_PATTERN));
    });

    it("take the address of a commit's status from GitHub itself, which may be another host", async () => {
      const htmlUrl = "http://127.0.0.1:8080/acme/team-a";
      const [, repository] = ownRepository("team-a");
      const github = { owner: "acme", host: "127.0.0.1:8080", repositoryOwner: "prod-eu", ownsRepositories: false };
      const looked = await recordFleet(
        fleetSpec({ github, tenants: [tenantSpec("team-a", { notifications: { status } })] }),
        {
          secrets: { "team-a": { status: "token" } },
          repositories: new Map([ownRepository("platform"), ["team-a", { ...repository, htmlUrl }]]),
        },
      );
      const { spec } = looked.find(kind("Provider"), "team-a.team-a.status-notify-provider").inputs;
      assert.equal((spec as { address: string }).address, htmlUrl);
    });

    it("are the platform's, so that the tenant cannot send them elsewhere", () => {
      for (const name of ["Provider", "Alert"]) {
        for (const { inputs } of fleet.ofType(kind(name))) {
          const { labels } = inputs.metadata as { labels: Record<string, string> };
          assert.equal(labels["app.kubernetes.io/managed-by"], "fleet");
          assert.equal(labels["fleet.dev/tenant"], "team-a");
        }
      }
    });

    it("come before the quota on their kinds, which would refuse what it cannot count yet", () => {
      const quota = fleet.find("kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota-flux");
      for (const name of ["Provider", "Alert"]) {
        for (const one of fleet.ofType(kind(name))) assert.ok(fleet.waitsFor(quota, one), one.name);
      }
    });
  });
});
