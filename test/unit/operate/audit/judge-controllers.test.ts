import assert from "node:assert/strict";
import { fluxControllers } from "../../../../operate/audit/flux-controllers.js";
import { judgeControllers } from "../../../../operate/audit/judge-controllers.js";
import { fluxController, installedCluster, lockedArgs, withObjects } from "../../../support/unit/audited-cluster.js";

const judge = (...args: Parameters<typeof installedCluster>) =>
  judgeControllers(fluxControllers(installedCluster(...args)));

describe("audit of Flux's controllers", () => {
  it("names each missing flag, with a patch that adds it", () => {
    const found = judge().map(({ severity, object, detail }) => `${severity} ${object} ${detail.split(":")[0]}`);
    assert.deepEqual(found, [
      "high Deployment flux-system/helm-controller --default-service-account",
      "medium Deployment flux-system/helm-controller --no-cross-namespace-refs",
      "high Deployment flux-system/kustomize-controller --default-service-account",
      "medium Deployment flux-system/kustomize-controller --no-cross-namespace-refs",
      "medium Deployment flux-system/kustomize-controller --no-remote-bases",
    ]);
    const patch = `[{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--default-service-account=default"}]`;
    assert.equal(
      judge()[0]?.fix,
      `kubectl patch deployments/helm-controller --namespace flux-system --type json --patch '${patch}'`,
    );
  });

  it("takes the last of several values, as Flux does, and replaces it", () => {
    const found = judge([...lockedArgs, "--no-cross-namespace-refs=false"]);
    assert.deepEqual(
      found.map(({ object }) => object),
      ["Deployment flux-system/helm-controller", "Deployment flux-system/kustomize-controller"],
    );
    assert.match(
      found[0]?.fix ?? "",
      /"op":"replace","path":"[^"]+\/args\/5","value":"--no-cross-namespace-refs=true"/,
    );
  });

  it("takes an empty account for none, and adds arguments where there are none", () => {
    assert.equal(judge(["--default-service-account=", "--no-cross-namespace-refs", "--no-remote-bases"]).length, 2);
    assert.match(judge([])[0]?.fix ?? "", /"path":"[^"]+\/args","value":\["--default/);
  });

  it("finds nothing under lockdown, in each form of a flag", () => {
    assert.deepEqual(judge(lockedArgs), []);
    assert.deepEqual(
      judge(["--no-cross-namespace-refs", "--no-remote-bases=T", "--default-service-account", "default"]),
      [],
    );
  });

  it("counts no Deployment that a tenant names like a controller", () => {
    const fake = fluxController("kustomize-controller", lockedArgs, { namespace: "payments" });
    const found = fluxControllers(withObjects(installedCluster(), { Deployment: [fake] }));
    assert.deepEqual([...new Set(found.map(({ namespace }) => namespace))], ["flux-system"]);
  });
});
