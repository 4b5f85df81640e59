import assert from "node:assert/strict";
import { teamGuide } from "../../../../config/guide/team-guide.js";
import { newSshKey } from "../../../support/signing-keys.js";
import { allAddons } from "../../../support/unit/addons.js";
import { fleetSpec, type Sections, tenantSpec } from "../../../support/unit/spec.js";

const status = { type: "github", secret: "commit-status" } as const;

describe("teamGuide", () => {
  const guideOf = (sections: Sections = {}, admission: Partial<ReturnType<typeof fleetSpec>["admission"]> = {}) =>
    teamGuide(
      fleetSpec({ cluster: "eu-1", admission: { ...fleetSpec().admission, ...admission } }),
      tenantSpec("team-a", sections),
    );

  it("has no command for the cluster unless the tenant's file gives people access", () => {
    for (const sections of [{}, { notifications: { status } }]) {
      assert.doesNotMatch(guideOf(sections), /kubectl/);
      assert.match(guideOf(sections), /On the cluster: nowhere\. Ask the platform team for `access\.viewers`/);
    }
    for (const access of [{ viewers: ["developers"] }, { operators: ["developers"] }]) {
      assert.match(guideOf({ access }), /On the cluster, with the whole reason: for developers\./);
      assert.match(guideOf({ access }), /kubectl --namespace team-a get kustomizations\n/);
    }
  });

  it("names the commit status and the messages that the tenant has, and what to ask for otherwise", () => {
    assert.match(guideOf(), /On GitHub: by Flux nowhere\. .* token for your repository/);
    assert.match(guideOf(), /In messages: nowhere\. Ask the platform team for `notifications`/);
    const told = guideOf({ notifications: { status, chat: { type: "slack", secret: "chat" } } });
    assert.match(told, /each commit has a status `eu-1\/NAMESPACE\/SYNC`/);
    assert.match(told, /In messages, with the whole reason: chat\.\n/);
  });

  it("has the quota and the Pod Security of each namespace, as the tenant's file sets them", () => {
    const guide = guideOf({
      namespace: { name: "a" },
      limits: { size: "medium", cpu: "20" },
      namespaces: { "a-jobs": { podSecurity: "baseline" } },
    });
    assert.match(guide, /\| Quota of `a` \| 20 CPUs, 32Gi of memory, 200Gi of storage and 150 pods \|/);
    assert.match(guide, /\| Quota of `a-jobs` \| 4 CPUs, /);
    assert.match(guide, /\| Pods in `a` \| Pod Security `restricted`: no root/);
    assert.match(guide, /\| Pods in `a-jobs` \| Pod Security `baseline`: no added privileges/);
  });

  it("has the custom resources that the tenant may create, and the add-ons that it may ask for", () => {
    const guide = (addons: readonly string[], offered = allAddons()) =>
      teamGuide(
        fleetSpec({ platform: { ...fleetSpec().platform, addons: offered } }),
        tenantSpec("team-a", { addons: [...addons] }),
      );
    assert.doesNotMatch(guide([], []), /Custom resources/);
    assert.match(
      guide([]),
      /\| Custom resources \| ask for `addons` in the tenant file: `cert-manager` \(certificates .*`databases` \(PostgreSQL databases\), /,
    );
    const asked = guide(["cert-manager", "databases"]);
    assert.match(
      asked,
      /\| `Certificate`, `Issuer`, `Database`, with references to your own namespace; ask for `addons` .*: `external/,
    );
    assert.doesNotMatch(asked, /CertificateRequest/);
  });

  it("has the label that releases of charts need in a shard, and says nothing about it elsewhere", () => {
    assert.doesNotMatch(guideOf(), /HelmReleases|sharding/);
    assert.match(
      guideOf({ shard: "batch" }),
      /\| HelmReleases \| with `spec\.chart` have the label `sharding\.fluxcd\.io\/key: batch` in `spec\.chart\.metadata/,
    );
  });

  it("has the keys that must sign what each sync follows, and says nothing about it elsewhere", () => {
    assert.doesNotMatch(guideOf(), /Signatures/);
    const verify = { mode: "Tag", keys: { ann: newSshKey(), bob: newSshKey() } } as const;
    const guide = guideOf({ sync: { ref: { tag: "v1" }, verify }, syncs: { jobs: { path: "./jobs" } } });
    assert.match(guide, /\| Signatures of `team-a` \| each tag is signed by a key of `ann`.*`bob` \|/);
    assert.doesNotMatch(guide, /Signatures of `jobs`/);
  });

  it("has the hosts and the traffic of the tenant's file", () => {
    assert.match(guideOf(), /\| Hosts \| none: ask for `hosts`/);
    const sections = {
      hosts: ["shop.example.com"],
      network: { ingress: [{ namespace: "ingress-nginx" }], egress: [{ cidr: "203.0.113.0/24", ports: [5432] }] },
    };
    assert.match(guideOf(sections), /Ingresses and routes serve `shop\.example\.com` only/);
    assert.match(guideOf(sections), /reached from `ingress-nginx`; may reach `203\.0\.113\.0\/24`\. Everything else/);
    assert.match(guideOf(sections, { hosts: "any" }), /may serve any host/);
  });

  it("has each sync with its repository, folder, namespace and timeout", () => {
    const guide = guideOf({ sync: { timeout: "2m" }, syncs: { jobs: { path: "./jobs" } } });
    assert.match(guide, /\| team-a \| `acme\/team-a` \| `\.\/deploy\/staging` \| `team-a` \| 2m \|/);
    assert.match(guide, /\| jobs \| `acme\/team-a` \| `\.\/jobs` \| `team-a` \|/);
  });
});
