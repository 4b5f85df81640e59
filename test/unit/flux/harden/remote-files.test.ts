import assert from "node:assert/strict";
import { deployments } from "../../../../flux/release/deployment.js";
import { releaseWith } from "../../../support/unit/flux-manifest.js";
import { all, container, everything, find, hardened } from "../../../support/unit/hardened.js";

function environmentOf(controller: string, objects = hardened(everything)): Record<string, string | undefined> {
  const [manager] = deployments.parse(find(objects, `Deployment ${controller}`)).spec.template.spec.containers;
  return Object.fromEntries((manager?.env ?? []).map(({ name, value }) => [name, value]));
}

describe("disableRemoteFiles", () => {
  it("refuses a release that sets a proxy itself: it is not known which of the two would count", () => {
    const objects = releaseWith("Deployment kustomize-controller", `${container}.env`, () => [
      { name: "HTTPS_PROXY", value: "http://proxy.example.com" },
    ]);
    assert.throws(() => hardened({}, objects), /HTTPS_PROXY is set already/);
  });

  it("leads kustomize's own requests nowhere, by a name that tells the tenant why", () => {
    const { HTTP_PROXY, HTTPS_PROXY, GIT_ALLOW_PROTOCOL } = environmentOf("kustomize-controller");
    assert.equal(HTTP_PROXY, "http://remote-files-are-not-allowed.invalid");
    assert.equal(HTTPS_PROXY, HTTP_PROXY);
    assert.equal(GIT_ALLOW_PROTOCOL, "none");
  });

  it("leaves the controller the API server, the artifacts and the events, in whatever domain the cluster has", () => {
    const objects = hardened({ clusterDomain: "k8s.example.org" });
    assert.deepEqual(environmentOf("kustomize-controller", objects).NO_PROXY?.split(","), [
      "$(KUBERNETES_SERVICE_HOST)",
      "notification-controller.flux-system.svc.k8s.example.org",
      "notification-controller.flux-system.svc.k8s.example.org.",
      "source-controller.flux-system.svc.k8s.example.org",
      "source-controller.flux-system.svc.k8s.example.org.",
    ]);
  });

  it("leaves it no tenant's Service, which would receive what a kustomization or a key for decryption sends", () => {
    const exempt = environmentOf("kustomize-controller").NO_PROXY?.split(",") ?? [];
    // As golang.org/x/net/http/httpproxy compares: the name itself and whatever is below it.
    const isExempt = (host: string) =>
      exempt.some((entry) => host === entry || host.endsWith(entry.startsWith(".") ? entry : `.${entry}`));
    assert.ok(isExempt("source-controller.flux-system.svc.cluster.local."), "what Flux itself asks");
    for (const host of ["thief.team-a.svc.cluster.local", "thief.team-a.svc.cluster.local.", "thief.team-a.svc"]) {
      assert.ok(!isExempt(host), host);
    }
  });

  it("refuses a release that says in another way where artifacts are", () => {
    const objects = releaseWith("Deployment source-controller", `${container}.args.6`, () => {
      return "--storage-adv-addr=$(POD_IP).svc.cluster.local.";
    });
    assert.throws(
      () => hardened({}, objects),
      /remote-files: expected a Service's name in --storage-adv-addr=\$\(POD_IP\)/,
    );
  });

  it("leaves the controllers alone that must reach Git servers, registries and webhooks", () => {
    for (const controller of all.filter((name) => name !== "kustomize-controller")) {
      assert.equal(environmentOf(controller).HTTPS_PROXY, undefined, controller);
    }
  });
});
