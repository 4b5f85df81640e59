import assert from "node:assert/strict";
import { findDrift } from "../../../../operate/verify/drift.js";
import { type PlannedObject, plannedObjects } from "../../../../operate/verify/planned-objects.js";
import { planned, planOf } from "../../../support/unit/plans.js";

const definition = planned(
  "apiextensions.k8s.io/v1:CustomResourceDefinition",
  { name: "things.example.com" },
  {
    spec: {
      group: "example.com",
      names: { kind: "Thing" },
      versions: [
        {
          name: "v1",
          schema: {
            openAPIV3Schema: {
              properties: {
                spec: {
                  properties: {
                    timeout: { default: "60s" },
                    parts: { items: { properties: { mode: { default: "plain" } } } },
                  },
                },
              },
            },
          },
        },
      ],
    },
  },
);

/** The differences of an object whose live fields are these beside its own. */
function differences(type: string, fields: object, live: object, metadata: object = {}): string[] {
  const resources = [definition, planned(type, { name: "x", namespace: "a" }, { ...fields })];
  const objects = plannedObjects(planOf(resources));
  const found = (one: PlannedObject) => ({
    ...one.fields,
    ...(one.metadata.name === "x" ? live : {}),
    metadata: {
      ...one.metadata,
      labels: {},
      annotations: {},
      managedFields: [],
      ...(one.metadata.name === "x" && metadata),
    },
  });
  const cluster = new Map(objects.map((one) => [one.identity, found(one)]));
  return findDrift(objects, cluster).map(({ kind, difference }) => `${kind}: ${difference}`);
}

describe("undeclared fields of an object", () => {
  it("may be the notes of a GitRepository about its key, which the last update made, and not those of another kind", () => {
    const notes = (key: string, since: string) => ({
      annotations: { "fleet.dev/git-key": key, "fleet.dev/git-key-since": since },
    });
    const fields = { metadata: { name: "x", namespace: "a", ...notes("SHA256:made-up", "1970-01-01T00:00:00Z") } };
    const live = notes("SHA256:real", "2026-11-27T09:30:00Z");
    assert.deepEqual(differences("source.toolkit.fluxcd.io/v1:GitRepository", fields, {}, live), []);
    assert.equal(differences("kustomize.toolkit.fluxcd.io/v1:Kustomization", {}, {}, live).length, 2);
  });

  it("may have the defaults of the API", () => {
    const spec = { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] };
    const live = {
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        egress: [{ ports: [{ port: 53, protocol: "TCP" }] }],
      },
    };
    assert.deepEqual(differences("networking.k8s.io/v1:NetworkPolicy", { spec }, live), []);
  });

  it("are a finding with any other value, and where they widen what a policy selects", () => {
    const live = {
      spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] },
    };
    const [only = "", ...others] = differences(
      "networking.k8s.io/v1:NetworkPolicy",
      { spec: { podSelector: {} } },
      live,
    );
    assert.match(only, /^network-changed: spec\.ingress is \[.*, and no file declares it$/);
    assert.deepEqual(others, []);
  });

  it("may have the defaults of their own definition, in lists as well", () => {
    const fields = { spec: { parts: [{ name: "a" }] } };
    const live = (timeout: string) => ({ spec: { timeout, parts: [{ name: "a", mode: "plain" }] } });
    assert.deepEqual(differences("example.com/v1:Thing", fields, live("60s")), []);
    assert.equal(differences("example.com/v1:Thing", fields, live("10s")).length, 1);
  });

  it("may be labels and annotations of others, but neither the platform's nor those of a cloud identity", () => {
    const metadata = {
      labels: { team: "x", "fleet.dev/tenant": "other" },
      annotations: { "eks.amazonaws.com/role-arn": "arn", "fleet.dev/taken-back": "1: kubectl" },
    };
    assert.deepEqual(differences("core/v1:ServiceAccount", {}, {}, metadata), [
      'label-changed: metadata.labels["fleet.dev/tenant"] is "other", and no file declares it',
      'annotation-changed: metadata.annotations["eks.amazonaws.com/role-arn"] is "arn", and no file declares it',
    ]);
    assert.equal(differences("core/v1:ConfigMap", {}, {}, metadata).length, 1);
  });

  it("are a finding where an empty selector opens a network policy to all namespaces", () => {
    const spec = { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: "x" } } }] }] };
    const live = structuredClone(spec);
    Object.assign(live.ingress[0]?.from[0] ?? {}, { namespaceSelector: {} });
    assert.deepEqual(differences("networking.k8s.io/v1:NetworkPolicy", { spec }, { spec: live }), [
      "network-changed: spec.ingress[0].from[0].namespaceSelector is {}, and no file declares it",
    ]);
    assert.deepEqual(differences("networking.k8s.io/v1:NetworkPolicy", { spec: live }, { spec }), [
      "network-changed: spec.ingress[0].from[0].namespaceSelector is gone",
    ]);
  });

  it("are a finding where a Service leads to another port", () => {
    const spec = { ports: [{ port: 80 }] };
    const live = (targetPort: number) => ({ spec: { ports: [{ port: 80, targetPort }] } });
    assert.deepEqual(differences("core/v1:Service", { spec }, live(80)), []);
    assert.deepEqual(differences("core/v1:Service", { spec }, live(8080)), [
      "service-changed: spec.ports[0].targetPort is 8080, and no file declares it",
    ]);
  });

  it("are a finding where a definition converts its objects by a webhook", () => {
    const type = "apiextensions.k8s.io/v1:CustomResourceDefinition";
    const names = { kind: "Other" };
    const live = (strategy: string) => ({
      spec: { names: { ...names, singular: "other", listKind: "OtherList" }, conversion: { strategy } },
    });
    assert.deepEqual(differences(type, { spec: { names } }, live("None")), []);
    assert.deepEqual(differences(type, { spec: { names } }, live("Webhook")), [
      'definition-changed: spec.conversion is {"strategy":"Webhook"}, and no file declares it',
    ]);
  });

  it("are a finding where another object's deletion, or a finalizer, decides about the object", () => {
    const metadata = { ownerReferences: [{ kind: "ConfigMap", name: "x" }], finalizers: ["finalizers.fluxcd.io"] };
    assert.deepEqual(differences("networking.k8s.io/v1:NetworkPolicy", {}, {}, metadata), [
      'object-tied: metadata.ownerReferences is [{"kind":"ConfigMap","name":"x"}], and no file declares it',
      'object-tied: metadata.finalizers is ["finalizers.fluxcd.io"], and no file declares it',
    ]);
    const { finalizers } = metadata;
    assert.deepEqual(differences("kustomize.toolkit.fluxcd.io/v1:Kustomization", {}, {}, { finalizers }), []);
  });

  it("may be the content of a Secret that Kubernetes fills, and of no other one", () => {
    const fieldsV1 = { "f:data": { "f:token": {} } };
    const metadata = { managedFields: [{ manager: "kube-controller-manager", operation: "Update", fieldsV1 }] };
    const live = { data: { token: "" } };
    const token = { type: "kubernetes.io/service-account-token" };
    assert.deepEqual(differences("core/v1:Secret", token, live, metadata), []);
    assert.deepEqual(differences("core/v1:Secret", { type: "Opaque", data: { token: "" } }, live, metadata), [
      "secret-changed: its content (token) was written by kube-controller-manager",
    ]);
  });

  for (const label of ["sharding.fluxcd.io/key", "rbac.authorization.k8s.io/aggregate-to-edit"]) {
    it(`are a finding where the label ${label} changes who acts on the object`, () => {
      assert.deepEqual(differences("rbac.authorization.k8s.io/v1:ClusterRole", {}, {}, { labels: { [label]: "x" } }), [
        `label-changed: metadata.labels["${label}"] is "x", and no file declares it`,
      ]);
    });
  }
});
