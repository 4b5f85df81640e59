import assert from "node:assert/strict";
import { areHarmless } from "../../../../operate/access/harmless-rules.js";

const self = { apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectaccessreviews"], verbs: ["create"] };
const info = { apiGroups: [""], resources: ["configmaps"], resourceNames: ["cluster-info"], verbs: ["get"] };

describe("the rights that everyone has", () => {
  for (const [title, rules] of [
    ["a further resource", [self, { apiGroups: [""], resources: ["secrets"], verbs: ["get"] }]],
    ["a wildcard", [{ ...self, resources: ["*"] }]],
    ["another verb", [{ ...self, verbs: ["create", "impersonate"] }]],
    ["another group", [{ ...self, apiGroups: ["authorization.k8s.io", ""] }]],
    ["every address of the server", [{ nonResourceURLs: ["*"], verbs: ["get"] }]],
    ["ConfigMaps of every name", [{ ...info, resourceNames: [] }]],
    ["a further ConfigMap", [{ ...info, resourceNames: ["cluster-info", "aws-auth"] }]],
  ] as const) {
    it(`are more than Kubernetes gives with ${title}`, () => assert.equal(areHarmless(rules), false));
  }

  it("are unknown where the role does not exist", () => assert.equal(areHarmless(undefined), false));

  it("are those of Kubernetes 1.36 and of kubeadm", () => {
    const urls = ["/livez", "/readyz", "/healthz", "/version", "/version/", "/openapi", "/openapi/*"];
    const keys = ["/.well-known/openid-configuration", "/openid/v1/jwks/"];
    const rules = [
      { nonResourceURLs: [...urls, "/api", "/api/*", "/apis", "/apis/*", ...keys], verbs: ["get"] },
      { ...self, resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"] },
      { apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"], verbs: ["create"] },
      { apiGroups: ["certificates.k8s.io"], resources: ["clustertrustbundles"], verbs: ["get", "list", "watch"] },
      info,
    ];
    for (const rule of rules) assert.equal(areHarmless([rule]), true, JSON.stringify(rule));
    assert.equal(areHarmless([]), true);
  });
});
