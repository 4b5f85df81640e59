import assert from "node:assert/strict";
import { offersEverything } from "../../../support/unit/addons.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const own = offersEverything.databases;
const kind = own.kinds[0];
const offered = (addons: unknown) => ({ config: { addons: JSON.stringify(addons) } });

describe("fleet:addons", () => {
  it("refuses an unknown add-on, with the nearest known one", () => {
    assertProblems(
      offered({ "cert-manger": {} }),
      /Pulumi\.staging\.yaml: fleet:addons\.cert-manger: is no add-on that comes with the project\. Did you mean cert-manager\?/,
    );
    assertProblems(offered({ databases: {} }), /or define it with group, version and kinds/);
    assertProblems({ config: { addons: '["flagger"]' } }, /fleet:addons: must be a map/);
  });

  it("refuses an own definition that collides with a known add-on", () => {
    const { group, version, kinds } = own;
    assertProblems(
      offered({ keda: { group, version, kinds } }),
      /fleet:addons\.keda\.group: collides with the add-on keda, which comes with the project/,
      /fleet:addons\.keda\.kinds: collides/,
      /fleet:addons\.keda\.version: collides/,
    );
    assertProblems(
      offered({ secrets: { ...own, group: "external-secrets.io" } }),
      /fleet:addons\.secrets\.group: belongs to external-secrets, which comes with the project\. Offer external-secrets/,
    );
  });

  for (const group of [
    ...["", "apps", "batch", "*", "*.example.com"],
    ...["rbac.authorization.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io", "snapshot.storage.k8s.io"],
    ...["kustomize.toolkit.fluxcd.io", "source.extensions.fluxcd.io", "fluxcd.controlplane.io", "policy.kubernetes.io"],
  ]) {
    it(`refuses an own definition of the group ${JSON.stringify(group)}`, () => {
      assertProblems(
        offered({ databases: { ...own, group } }),
        /fleet:addons\.databases\.group: is (a group of (Kubernetes|Flux)|empty|not a DNS name)/,
      );
    });
  }

  it("refuses a definition without a part of it, a wildcard, and a kind twice", () => {
    const { group, version, purpose } = own;
    assertProblems(
      offered({ databases: { group, version, purpose } }),
      /fleet:addons\.databases\.kinds: names no kind/,
    );
    assertProblems(offered({ databases: { group, kinds: own.kinds } }), /fleet:addons\.databases\.version: is missing/);
    assertProblems(offered({ databases: { version, kinds: own.kinds } }), /fleet:addons\.databases\.group: is missing/);
    assertProblems(
      offered({ databases: { ...own, kinds: [{ ...kind, plural: "*" }] } }),
      /kinds\[0\]\.plural: is not the plural of a kind/,
    );
    assertProblems(offered({ databases: { ...own, kinds: [kind, kind] } }), /kinds\[1\]\.plural: is there already/);
    assertProblems(
      offered({ databases: own, more: own }),
      /fleet:addons\.more\.kinds\[0\]: is a kind of databases already\. Keep one of them/,
    );
  });

  it("refuses paths that no policy can check, and amounts that no quota can have", () => {
    const withKind = (fields: object) => offered({ databases: { ...own, kinds: [{ ...kind, ...fields }] } });
    for (const path of [
      ...["metadata.labels", "spec", "spec.a b", "spec.a') || true || ('", "spec.a.*", "spec[0].a"],
      ...["spec.a[][]", "spec.a[][].b", "spec.a[].b[][].c"],
    ]) {
      assertProblems(
        withKind({ namespaces: [path] }),
        /kinds\[0\]\.namespaces\[0\]: is not the path of a field below spec/,
      );
    }
    assertProblems(withKind({ absent: ["spec.in"] }), /kinds\[0\]\.absent\[0\]: has a part that no policy can name/);
    assertProblems(withKind({ most: 0 }), /kinds\[0\]\.most: .*is not between 1 and 10000/);
  });

  it("refuses shared objects and amounts of kinds that the add-on does not have", () => {
    assertProblems(
      offered({ "cert-manager": { most: { certificate: 3 } } }),
      /fleet:addons\.cert-manager\.most\.certificate: is no kind that tenants create with cert-manager\. Did you mean certificates\?/,
    );
    assertProblems(
      offered({ "cert-manager": { most: { orders: 3 } } }),
      /most\.orders: is no kind that tenants create with cert-manager/,
    );
    for (const shared of ["letsencrypt", "Issuer/a", "ClusterIssuer/a/b", "ClusterIssuer/", "ClusterIssuer/A"]) {
      assertProblems(
        offered({ "cert-manager": { shared: [shared] } }),
        /shared\[0\]: is no object that tenants can share\. Write it as ClusterIssuer\/NAME/,
      );
    }
    assertProblems(offered({ "gateway-api": { shared: ["Gateway/public"] } }), /Write it as Gateway\/NAMESPACE\/NAME/);
    assertProblems(
      offered({ "external-secrets": { shared: ["ClusterSecretStore/a", "ClusterSecretStore/a"] } }),
      /shared\[1\]: is there already/,
    );
    assertProblems(
      offered({ keda: { shared: ["ClusterTriggerAuthentication/a"] } }),
      /shared\[0\]: has no effect: keda shares no objects/,
    );
    assertProblems(offered({ flagger: { shared: ["a"] } }), /shared\[0\]: has no effect: flagger shares no objects/);
    assertProblems(
      offered({ databases: { ...own, shared: ["a"] } }),
      /shared: is for add-ons that come with the project/,
    );
    assertProblems(
      offered({ databases: { ...own, most: { databases: 1 } } }),
      /most: is set in the kinds of an own add-on/,
    );
  });

  it("is accepted with known add-ons, with a stack's own, and with the former setting for Flagger", () => {
    const { platform } = load({ config: { addons: JSON.stringify(offersEverything), offers: '["flagger"]' } });
    assert.deepEqual(
      platform.addons.map(({ name }) => name),
      Object.keys(offersEverything).sort(),
    );
    const [certManager] = platform.addons;
    assert.equal(certManager?.kinds.find(({ plural }) => plural === "certificates")?.most, 7);
    assert.deepEqual(
      load({ config: { offers: ["flagger"] } }).platform.addons.map(({ name }) => name),
      ["flagger"],
    );
    assert.deepEqual(load().platform.addons, []);
  });
});
