import assert from "node:assert/strict";
import { deployments } from "../../../../flux/release/deployment.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { releaseWith } from "../../../support/unit/flux-manifest.js";
import { all, container, everything, find, hardened } from "../../../support/unit/hardened.js";

function environmentOf(controller: string, objects: readonly KubernetesObject[]): Record<string, string | undefined> {
  const [manager] = deployments.parse(find(objects, `Deployment ${controller}`)).spec.template.spec.containers;
  return Object.fromEntries((manager?.env ?? []).map(({ name, value }) => [name, value]));
}

describe("disablePlainHttp", () => {
  it("leads what source-controller would fetch unencrypted nowhere, and what is encrypted where it was", () => {
    const { HTTP_PROXY, HTTPS_PROXY } = environmentOf("source-controller", hardened(everything));
    assert.equal(HTTP_PROXY, "http://unencrypted-sources-are-not-allowed.invalid");
    assert.equal(HTTPS_PROXY, undefined);
  });

  it("leaves it notification-controller, to which it sends events, in whatever domain the cluster has", () => {
    const objects = hardened({ clusterDomain: "k8s.example.org" });
    assert.equal(
      environmentOf("source-controller", objects).NO_PROXY,
      "notification-controller.flux-system.svc.k8s.example.org,notification-controller.flux-system.svc.k8s.example.org.",
    );
  });

  it("concerns no controller that fetches no sources", () => {
    const objects = hardened(everything);
    for (const controller of all.filter((name) => !["source-controller", "kustomize-controller"].includes(name))) {
      assert.equal(environmentOf(controller, objects).HTTP_PROXY, undefined, controller);
    }
  });

  it("refuses a release that sets a proxy itself: it is not known which of the two would count", () => {
    const objects = releaseWith("Deployment source-controller", `${container}.env`, () => [
      { name: "HTTP_PROXY", value: "http://proxy.example.com" },
    ]);
    assert.throws(() => hardened({}, objects), /hardening step plain-http: the variable HTTP_PROXY is set already/);
  });
});
