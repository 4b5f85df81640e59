import assert from "node:assert/strict";
import { labelKey } from "../../../../config/rules/labels.js";
import { shardingLabels } from "../../../../lib/kubernetes/shards.js";
import { KNOWN_LABELS, LABEL_PREFIXES, REFUSED_LABELS } from "../../../../policies/admission/labels/known-labels.js";
import { named, policies, text } from "../../../support/unit/policies.js";

/** Prefixes of systems by whose labels an object gets more than its own, each with all below it. */
const dangerous =
  /(^|\.)(cilium\.io|projectcalico\.org|istio\.io|linkerd\.io|kubernetes\.io|k8s\.io|x-k8s\.io|fleet\.dev|amazonaws\.com|azure\.com|gke\.io|openshift\.io)$/;

describe("the known labels", () => {
  it("are keys that Kubernetes accepts, each once, in their order", () => {
    for (const key of KNOWN_LABELS) assert.equal(labelKey.check(key), undefined, key);
    for (const prefix of LABEL_PREFIXES) assert.equal(labelKey.check(`${prefix}/name`), undefined, prefix);
    for (const list of [KNOWN_LABELS, REFUSED_LABELS]) assert.deepEqual(list, [...new Set(list)].sort());
    assert.deepEqual(LABEL_PREFIXES, [...new Set(LABEL_PREFIXES)]);
  });

  it("have the label of a shard, which a shard's syncs put on everything that their tenant applies", () => {
    assert.deepEqual(
      Object.keys(shardingLabels("batch")).filter((key) => !KNOWN_LABELS.includes(key)),
      [],
    );
  });

  it("have no whole prefix of a network plugin, a mesh, a cloud or Kubernetes itself", () => {
    assert.deepEqual(
      LABEL_PREFIXES.filter((prefix) => dangerous.test(prefix)).sort(),
      [
        "app.kubernetes.io",
        "app.openshift.io",
        "apps.kubernetes.io",
        "batch.kubernetes.io",
        "config.kubernetes.io",
        "internal.config.kubernetes.io",
        "kubectl.kubernetes.io",
        "sparkoperator.k8s.io",
        "statefulset.kubernetes.io",
      ],
      "look at what obeys the labels of a new prefix before you add it here",
    );
  });

  it("that are refused have neither prefix nor period, which would refuse them anyway", () => {
    for (const key of REFUSED_LABELS) assert.match(key, /^[^/.]+$/);
  });
});

describe("the policy on labels", () => {
  const { policy } = named("fleet-labels");

  it("looks at objects of every kind, in requests of the namespace's own accounts", () => {
    const [rule] = policy.spec.matchConstraints.resourceRules;
    assert.deepEqual([rule?.apiGroups, rule?.resources, rule?.operations], [["*"], ["*/*"], ["CREATE", "UPDATE"]]);
    assert.match(policy.spec.matchConditions?.[0]?.expression ?? "", /request\.namespace \+ ':'/);
  });

  it("takes the labels of its own setting, and those of the older one", () => {
    const said = text(
      named("fleet-labels", policies({ labels: ["example.com/*"], podAnnotations: ["example.org/x"] })),
    );
    for (const key of ["example.com/", "example.org/x"]) assert.ok(said.includes(key), key);
  });

  it("names the line for the stack's settings", () => {
    const [validation] = policy.spec.validations;
    assert.match(validation?.messageExpression ?? "", /set fleet:allowedLabels: \['/);
  });
});
