import assert from "node:assert/strict";
import { containerEnvironment, expand, resourceField } from "../../../flux-runner/container-environment.js";
import { container, node, pod } from "../../support/pods.js";

describe("expand", () => {
  it("leaves an unknown name as it is, so that the process complains and not the sandbox", () => {
    assert.equal(expand("--a=$(NOT_THERE)", {}), "--a=$(NOT_THERE)");
    assert.equal(expand("$(toString)", {}), "$(toString)");
  });

  it("keeps an escaped reference", () => {
    assert.equal(expand("$$(A) $(A) $$", { A: "1" }), "$(A) 1 $");
  });

  it("resolves names within a text", () => {
    assert.equal(expand("http://x.$(NS).svc./", { NS: "flux-system" }), "http://x.flux-system.svc./");
  });
});

describe("the environment of a container", () => {
  it("refuses references into Secrets and ConfigMaps by the name of the variable", () => {
    const env = [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }];
    assert.throws(() => containerEnvironment(pod(), container({ env }), node), /env TOKEN of container manager/);
    const envFrom = [{ configMapRef: { name: "x" } }];
    assert.throws(() => containerEnvironment(pod(), container({ envFrom }), node), /envFrom/);
  });

  it("refuses a pod field that it does not know", () => {
    const env = [{ name: "X", valueFrom: { fieldRef: { fieldPath: "spec.hostname" } } }];
    assert.throws(() => containerEnvironment(pod(), container({ env }), node), /field spec.hostname of env X/);
  });

  it("resolves fields of the pod, and earlier variables in later ones", () => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const env = [
      field("NS", "metadata.namespace"),
      field("APP", "metadata.labels['app']"),
      field("NONE", "metadata.labels['none']"),
      { name: "ADDRESS", value: "x.$(NS).svc" },
    ];
    assert.deepEqual(containerEnvironment(pod(), container({ env }), node), {
      NS: "flux-system",
      APP: "kustomize-controller",
      NONE: "",
      ADDRESS: "x.flux-system.svc",
    });
  });

  it("rounds cores up for GOMAXPROCS, and gives memory in bytes for GOMEMLIMIT", () => {
    const resources = { limits: { cpu: "1500m", memory: "1Gi" } };
    const from = (name: string, resource: string) => ({
      name,
      valueFrom: { resourceFieldRef: { containerName: "manager", resource, divisor: "0" } },
    });
    const one = container({ resources, env: [from("GOMAXPROCS", "limits.cpu"), from("GOMEMLIMIT", "limits.memory")] });
    assert.deepEqual(containerEnvironment(pod(one), one, node), { GOMAXPROCS: "2", GOMEMLIMIT: "1073741824" });
  });

  it("refuses an amount that is none, for the process would be given NaN", () => {
    const resources = { limits: { memory: "1Gib" } };
    assert.throws(
      () => resourceField(container({ resources }), node, "limits.memory", "1"),
      /"1Gib" is not a quantity/,
    );
    assert.throws(() => resourceField(container(), node, "limits.memory", "Mi"), /"Mi" is not a quantity/);
  });

  it("takes the whole machine for a limit that is not set", () => {
    assert.equal(resourceField(container(), node, "limits.cpu", "1"), 8);
    assert.equal(resourceField(container(), node, "limits.memory", "1Mi"), 2 ** 14);
  });
});
