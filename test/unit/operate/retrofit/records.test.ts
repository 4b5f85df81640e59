import assert from "node:assert/strict";
import { joinRecords, type RetrofitRecord, readRecords } from "../../../../operate/retrofit/records.js";

const rbac = "rbac.authorization.k8s.io/v1";
const binding = { apiVersion: rbac, kind: "ClusterRoleBinding", metadata: { name: "rogue" } };
const sync = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  namespace: "payments",
  name: "app",
};
const account = { path: "/spec/serviceAccountName", before: null, after: "reconciler" };

const read = (one: object) => readRecords({ key: JSON.stringify(one) });

describe("records of a retrofit", () => {
  it("of another form than a step makes are refused: tenants may have written them", () => {
    const created = { step: "bindings", object: "x", apiVersion: rbac, kind: "ClusterRoleBinding", name: "rogue" };
    const patched = { step: "syncs", object: "x", ...sync };
    const manifests = [
      { ...binding, metadata: { name: "other" } },
      { ...binding, metadata: { name: "rogue", namespace: "payments" } },
      { ...binding, kind: "RoleBinding" },
    ];
    for (const forged of [
      ...manifests.map((manifest) => ({ ...created, back: { type: "create", manifest } })),
      { ...created, kind: "Deployment", back: { type: "create", manifest: { ...binding, kind: "Deployment" } } },
      { ...created, step: "accounts", back: { type: "create", manifest: binding } },
      { ...created, step: "adoption", back: { type: "keep" } },
      { ...created, back: { type: "delete" } },
      { ...created, step: "accounts", kind: "ConfigMap", back: { type: "delete" } },
      { ...created, apiVersion: "../v1", back: { type: "create", manifest: { ...binding, apiVersion: "../v1" } } },
      { ...patched, back: { type: "fields", fields: [account, { ...account, path: "/spec/sourceRef/name" }] } },
      { ...patched, step: "flags", kind: "Deployment", back: { type: "fields", fields: [account] } },
    ]) {
      assert.throws(() => read(forged), /is no record of its step|apiVersion/, JSON.stringify(forged));
    }
    const [real] = read({ ...created, back: { type: "create", manifest: binding } });
    assert.equal(real?.object, "ClusterRoleBinding rogue", "the text of the object is not taken from the record");
    assert.equal(read({ ...patched, back: { type: "fields", fields: [account] } }).length, 1);
  });

  it("keep the former fields of an earlier run", () => {
    const of = (...fields: readonly (typeof account)[]): RetrofitRecord => {
      return {
        step: "syncs",
        object: "Kustomization payments/app",
        ...sync,
        back: { type: "fields", fields: [...fields] },
      };
    };
    const place = { path: "/spec/targetNamespace", before: null, after: "payments" };
    assert.deepEqual(joinRecords(of(account, place), of(account)), of(place, account));
    assert.deepEqual(joinRecords(undefined, of(account)), of(account));
  });
});
