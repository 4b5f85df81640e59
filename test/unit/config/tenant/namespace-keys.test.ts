import assert from "node:assert/strict";
import { assertProblems, type Changes, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";

/** A tenant whose primary namespace has these labels and annotations. */
const keyed = (fields: string, config: Changes["config"] = {}): Changes => ({
  files: { [base]: `name: team-a\nnamespace:\n  ${fields}\n` },
  config,
});

describe("labels and annotations of a namespace are refused, naming file, line and field,", () => {
  for (const key of [
    "scheduler.alpha.kubernetes.io/node-selector",
    "scheduler.alpha.kubernetes.io/tolerationsWhitelist",
    "openshift.io/sa.scc.uid-range",
    "policies.kyverno.io/ignore",
    "admission.gatekeeper.sh/ignore",
    "k8s.v1.cni.cncf.io/networks",
    "example.com/on-call",
  ]) {
    it(`for ${key}, which a controller may obey`, () => {
      for (const field of ["labels", "annotations"]) {
        const place = `team-a\\.yaml:3: namespace\\.${field}\\["${key.replaceAll(".", "\\.")}"\\]`;
        assertProblems(keyed(`${field}: {${key}: x}`), new RegExp(`${place}: is not among the labels and annotations`));
      }
    });
  }

  for (const key of ["control-plane", "istio-injection", "name"]) {
    it(`for ${key}, which has no domain and is obeyed`, () => {
      assertProblems(keyed(`labels: {${key}: x}`), new RegExp(`namespace\\.labels\\.${key}: is not among the labels`));
    });
  }

  it("in an overlay and in a further namespace, where they are written", () => {
    assertProblems(
      { files: { [overlay]: "namespace:\n  labels:\n    openshift.io/x: a\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:3: namespace\.labels\["openshift\.io\/x"\]/,
    );
    assertProblems(
      { files: { [base]: "name: team-a\nnamespaces:\n  jobs:\n    annotations: {a.example/b: c}\n" } },
      /team-a\.yaml:4: namespaces\.jobs\.annotations\["a\.example\/b"\]/,
    );
  });

  it("below a listed domain, and beside a listed key", () => {
    const config = { namespaceKeys: ["example.com/*", "example.org/owner"] };
    assertProblems(keyed("labels: {a.example.com/b: c}", config), /labels\["a\.example\.com\/b"\]: is not among/);
    assertProblems(keyed("labels: {example.org/other: c}", config), /labels\["example\.org\/other"\]: is not among/);
  });

  it("by a setting that names what the platform owns", () => {
    assertProblems({ config: { namespaceKeys: ["fleet.dev/*"] } }, /fleet:namespaceKeys\[0\]: belongs to the platform/);
  });
});

describe("labels and annotations of a namespace", () => {
  it("are those without a domain, and those that the stack lists", () => {
    const config = { namespaceKeys: ["example.com/*", "istio-injection"] };
    const { tenants } = load(keyed("labels: {cost-center: a, example.com/b: c, istio-injection: enabled}", config));
    assert.deepEqual(tenants[0]?.namespaces[0].labels, {
      "cost-center": "a",
      "example.com/b": "c",
      "istio-injection": "enabled",
    });
  });
});
