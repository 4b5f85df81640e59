import assert from "node:assert/strict";
import { findQuotasBelowUse } from "../../../preflight/quotas-below-use.js";
import { clusterWith, onCluster } from "../../support/unit/cluster.js";
import { fleetSpec, type Sections, tenantSpec } from "../../support/unit/spec.js";

type Amounts = Readonly<Record<string, string>>;

/** The sentences about the quotas of team-a. @param limits of its file @param hard on the cluster before the update */
function sentences(
  limits: Sections["limits"],
  hard: Amounts,
  used: Amounts,
  { name = "tenant", only = "team-a" } = {},
) {
  const spec = fleetSpec({ tenants: [tenantSpec("team-a", { limits }), tenantSpec("team-b")] });
  const place = { type: "core/v1:ResourceQuota", name, namespace: "team-a" };
  return findQuotasBelowUse(spec, clusterWith(onCluster({ ...place, spec: { hard }, status: { hard, used } })), only);
}

describe("quotas that an update lowers below what is used", () => {
  it("are named with each resource, the limit and the use", () => {
    assert.deepEqual(
      sentences({ pods: 5, cpu: "2" }, { pods: "50", "limits.cpu": "4" }, { pods: "12", "limits.cpu": "2500m" }),
      [
        "This update lowers the ResourceQuota tenant in the namespace team-a below what is used: limits.cpu to 2 (2500m used), pods to 5 (12 used). Running pods stay, and Kubernetes refuses new ones until less is used.",
      ],
    );
  });

  it("are those of Flux's kinds as well, and those that had no limit before", () => {
    const kind = "count/kustomizations.kustomize.toolkit.fluxcd.io";
    const [sentence = ""] = sentences({ fluxObjects: 1 }, {}, { [kind]: "400" }, { name: "tenant-flux" });
    assert.match(
      sentence,
      /^This update lowers the ResourceQuota tenant-flux .*: count\/kustomizations\S+ to \d+ \(400 used\)\. /,
    );
  });

  it("name three resources, and count the others", () => {
    const names = ["requests.cpu", "limits.cpu", "requests.memory", "limits.memory", "pods"];
    const all = (amount: string) => Object.fromEntries(names.map((name) => [name, amount]));
    const [sentence = ""] = sentences({}, all("1000Gi"), all("900Gi"));
    assert.match(sentence, /: (?:\S+ to \S+ \(900Gi used\)(?:, )?){3} and 2 more\. Running/);
  });

  for (const [title, limits, hard, used, options] of [
    ["that has room for what is used", { pods: 12 }, { pods: "50" }, { pods: "12" }, {}],
    ["that was below before, and stays as it is", { pods: 5 }, { pods: "5" }, { pods: "12" }, {}],
    ["that is raised and stays below", { pods: 6 }, { pods: "5" }, { pods: "12" }, {}],
    ["whose use is not known yet", { pods: 5 }, { pods: "50" }, {}, {}],
    ["of another name", { pods: 5 }, { pods: "50" }, { pods: "12" }, { name: "other" }],
    ["of a tenant that the update leaves out", { pods: 5 }, { pods: "50" }, { pods: "12" }, { only: "team-b" }],
  ] as const) {
    it(`are none ${title}`, () => assert.deepEqual(sentences(limits, hard, used as Amounts, options), []));
  }

  it("are none in a namespace that the update creates", () => {
    assert.deepEqual(findQuotasBelowUse(fleetSpec({ tenants: [tenantSpec("team-a")] }), clusterWith()), []);
  });
});
