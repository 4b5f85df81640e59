import assert from "node:assert/strict";
import { installedFlux } from "../../../preflight/flux-version.js";
import { clusterState, type TestObject } from "../../support/unit/cluster.js";

const controller = (name: string, version: string, fields: Partial<TestObject> = {}): TestObject => ({
  type: "apps/v1:Deployment",
  name,
  namespace: "flux-system",
  labels: { "app.kubernetes.io/version": version, "app.kubernetes.io/managed-by": "fleet" },
  ...fields,
});

describe("installedFlux", () => {
  it("is nothing before the first update, and of objects that are no controllers of fleet's", () => {
    const others = [
      controller("web", "v1.0.0", { namespace: "payments" }),
      controller("source-controller", "v2.8.0", { labels: { "app.kubernetes.io/version": "v2.8.0" } }),
      controller("source-controller", "v2.7.0", { type: "core/v1:Service" }),
    ];
    assert.deepEqual(installedFlux({}), []);
    assert.deepEqual(installedFlux(clusterState(...others)), []);
  });

  it("is both versions after an update that stopped between two controllers, the newest last", () => {
    const state = clusterState(
      controller("source-controller", "v2.10.0"),
      controller("kustomize-controller", "v2.9.3"),
      controller("helm-controller", "v2.9.3"),
    );
    assert.deepEqual(installedFlux(state), ["v2.9.3", "v2.10.0"]);
  });
});
