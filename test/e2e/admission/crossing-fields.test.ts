import assert from "node:assert/strict";
import { fluxCases, fluxFields, leavesOf } from "./flux-fields.js";

/** Fields that say where else something is, by their last name. */
const crossing =
  /^(.*[nN]amespace(Selectors)?|kubeConfig|proxy(SecretRef)?|insecure|recurseSubmodules|provider|refspec)$/;

/** Fields of that name that lead nowhere else, and why. */
const harmless: Readonly<Record<string, string>> = {
  "HelmRelease driftDetection.ignore[].target.namespace": "chooses among what the release itself applies",
  "HelmRelease postRenderers[].kustomize.patches[].target.namespace": "chooses among what the chart itself renders",
  "HelmRelease install.createNamespace": "done as the tenant's account, which may not make namespaces",
  "Kustomization ignore[].target.namespace": "chooses among what the sync itself applies",
  "Kustomization patches[].target.namespace": "chooses among what the sync itself builds",
  "Kustomization decryption.provider": "names a tool: sops",
  "HelmChart verify.provider": "names a tool: cosign or notation",
  "HelmRelease chart.spec.verify.provider": "names a tool: cosign or notation",
  "OCIRepository verify.provider": "names a tool: cosign or notation",
  "Bucket sts.provider": "says how to ask; where is spec.sts.endpoint, and that is looked at",
  "HelmRepository accessFrom.namespaceSelectors":
    "not implemented by source-controller, and nothing refers across namespaces",
};

/**
 * Every field of Flux's kinds by which a tenant could leave its namespace has an attack of its own in the cases. A new
 * version of Flux with a new such field fails here until that field has a case.
 */
describe("Fields of Flux's kinds that lead out of a namespace", function () {
  this.timeout(90 * 60_000);
  let fields: readonly string[];

  before(async () => {
    fields = [...(await fluxFields()).keys()].filter((field) => crossing.test(field.split(/[ .]/).at(-1) ?? ""));
  });

  it("are each refused in some case, or known to lead nowhere", () => {
    const attacked = new Set(
      fluxCases().flatMap(({ object, refused }) =>
        refused === undefined ? [] : leavesOf(object.spec).map(([path]) => `${object.kind} ${path}`),
      ),
    );
    assert.ok(fields.length > 30, `${fields.length} fields`);
    assert.deepEqual(
      fields.filter((field) => !attacked.has(field) && harmless[field] === undefined),
      [],
    );
  });

  it("that are known to lead nowhere are still there", () => {
    assert.deepEqual(
      Object.keys(harmless).filter((field) => !fields.includes(field)),
      [],
    );
  });
});
