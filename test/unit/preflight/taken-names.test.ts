import assert from "node:assert/strict";
import { emptyState, indexState, type StateIndex } from "../../../lib/state/stack-state.js";
import { objectsOfTenant } from "../../../preflight/one-tenant.js";
import { registered } from "../../../preflight/registered-object.js";
import { registeredObjects } from "../../../preflight/registered-objects.js";
import { findTakenNames } from "../../../preflight/taken-names.js";
import { clusterState, clusterWith, onCluster, type TestObject } from "../../support/unit/cluster.js";
import { hardenedMadeUpFlux } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const namespace = "team-a";
const [rbac, admission] = ["rbac.authorization.k8s.io/v1", "admissionregistration.k8s.io/v1"];
const policy: TestObject = { type: `${admission}:ValidatingAdmissionPolicy`, name: "fleet-images", spec: {} };
const binding: TestObject = { type: `${rbac}:RoleBinding`, name: "reconciler", namespace };
const ours = { "app.kubernetes.io/managed-by": "fleet" };

describe("findTakenNames", () => {
  const spec = fleetSpec({
    tenants: [tenantSpec(namespace, { helm: { repositories: { stable: { url: "https://charts.example.com" } } } })],
  });
  const all = registeredObjects(spec, hardenedMadeUpFlux(spec));
  const taken = (objects: readonly TestObject[], state: StateIndex = emptyState) => {
    const cluster = clusterWith(...objects.map((object) => onCluster(object)));
    const { problems, sentences } = findTakenNames(spec, { cluster, state, registered: all });
    return { problems: problems.map(({ message, fix }) => `${message}. ${fix}`), sentences };
  };

  it("refuses policies, bindings, roles and definitions of the stack's names that fleet does not manage", () => {
    const role = { type: `${rbac}:ClusterRole`, name: "fleet-tenant-reconciler" };
    const bound = { type: `${rbac}:ClusterRoleBinding`, name: "fleet-platform-reconciler" };
    const bindingOfPolicy = { ...policy, type: `${policy.type}Binding` };
    const definition = all.find(({ kind }) => kind === "CustomResourceDefinition");
    assert.ok(definition);
    const crd = { type: "apiextensions.k8s.io/v1:CustomResourceDefinition", name: definition.metadata.name };
    const { problems } = taken([policy, bindingOfPolicy, role, bound, crd]);
    assert.equal(problems.length, 5, problems.join("\n"));
    assert.ok(
      problems.includes(
        "the ValidatingAdmissionPolicy fleet-images exists, but fleet does not manage it: it lacks the label app.kubernetes.io/managed-by=fleet. Remove it, or let fleet overwrite it: kubectl label validatingadmissionpolicies.admissionregistration.k8s.io fleet-images app.kubernetes.io/managed-by=fleet fleet.dev/stack=staging",
      ),
      problems.join("\n"),
    );
  });

  it("refuses roles and bindings of the names of Flux's own, which would be overwritten by force", () => {
    const flux = all.filter(
      ({ kind, metadata }) => /^(Cluster)?Role(Binding)?$/.test(kind) && /controller/.test(metadata.name),
    );
    assert.ok(flux.length > 0);
    const objects = flux.map(({ group, version, kind, metadata: { name } }) => ({
      type: `${group}/${version}:${kind}`,
      name,
      labels: { "app.kubernetes.io/part-of": "flux" },
    }));
    assert.equal(taken(objects).problems.length, flux.length);
    assert.deepEqual(taken(objects.map((one) => ({ ...one, labels: ours }))).problems, []);
  });

  it("refuses what a namespace that was handed over holds under the platform's names, each by name", () => {
    const content = ["ResourceQuota", "LimitRange", "ServiceAccount", "Secret"].map((kind) => ({
      type: `core/v1:${kind}`,
      name: { ServiceAccount: "reconciler", Secret: "tenant-git" }[kind] ?? "tenant",
      namespace,
    }));
    const { problems, sentences } = taken([...content, binding, { ...binding, name: "mine" }]);
    assert.equal(problems.length, 5, problems.join("\n"));
    assert.ok(
      problems.includes(
        "the RoleBinding reconciler in the namespace team-a exists, but fleet does not manage it: it lacks the label app.kubernetes.io/managed-by=fleet. Remove it, or let fleet overwrite it: kubectl --namespace team-a label rolebindings.rbac.authorization.k8s.io reconciler app.kubernetes.io/managed-by=fleet fleet.dev/stack=staging",
      ),
      problems.join("\n"),
    );
    assert.deepEqual(sentences, []);
    assert.deepEqual(taken(content.map((one) => ({ ...one, labels: ours }))), { problems: [], sentences: [] });
  });

  it("refuses what Flux's namespace holds under Flux's names, as after flux bootstrap", () => {
    const deployment = { type: "apps/v1:Deployment", name: "source-controller", namespace: "flux-system" };
    assert.match(
      taken([deployment]).problems.join(),
      /the Deployment source-controller in the namespace flux-system exists/,
    );
  });

  it("names what a tenant has under a name that its file chooses: the tenant could stop the updates of all", () => {
    const state = indexState(clusterState({ type: "core/v1:Namespace", name: namespace }), "fleet.dev/tenant");
    const source = { type: "source.toolkit.fluxcd.io/v1:HelmRepository", name: "stable", namespace };
    assert.deepEqual(taken([source], state), {
      problems: [],
      sentences: [
        "This update takes over the HelmRepository stable in the namespace team-a, which exists and is not in the stack's state: it overwrites the fields that it sets.",
      ],
    });
  });

  it("leaves names of others, objects of fleet, and objects in the state that lost their label", () => {
    const nothing = { problems: [], sentences: [] };
    assert.deepEqual(
      taken([
        { ...policy, name: "fleet-agent" },
        { ...binding, namespace: "other" },
      ]),
      nothing,
    );
    assert.deepEqual(taken([{ ...policy, labels: ours }]), nothing);
    assert.deepEqual(taken([policy], indexState(clusterState(policy), "fleet.dev/tenant")), nothing);
  });

  it("leaves what another tenant or the platform would take, in an update of one tenant", () => {
    const both = fleetSpec({ tenants: [tenantSpec("team-a"), tenantSpec("team-b")] });
    const cluster = clusterWith(onCluster(policy), onCluster(binding));
    const of = (tenant: string) => {
      return findTakenNames(both, { cluster, state: emptyState, registered: objectsOfTenant(both, tenant) });
    };
    assert.match(
      of("team-a")
        .problems.map(({ message }) => message)
        .join(),
      /^the RoleBinding reconciler in the namespace team-a exists, [^,]*$/,
    );
    assert.deepEqual(of("team-b"), { problems: [], sentences: [] });
  });

  it("leaves namespaces, which are refused by the file that names them", () => {
    const object = registered("core/v1:Namespace", namespace);
    assert.ok(all.some(({ kind, metadata }) => kind === object.kind && metadata.name === namespace));
    assert.deepEqual(taken([{ type: "core/v1:Namespace", name: namespace }]).problems, []);
  });
});
