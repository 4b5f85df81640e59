import assert from "node:assert/strict";
import type { KubernetesObject } from "@kubernetes/client-node";
import { tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { deployKeys } from "../../support/e2e/github-view.js";
import { create, patch, reference, remove, type Workplace } from "./damage-requests.js";

/** A damage by hand, and the finding that names it. */
export interface Damage {
  readonly title: string;
  readonly make: (place: Workplace) => Promise<unknown>;
  readonly kind: string;
  readonly object: string;
  /** The fix by hand, where an update does not mend it. */
  readonly mend?: (place: Workplace) => Promise<unknown>;
}

const tenant = "team-search";

const rbac = "rbac.authorization.k8s.io/v1";
const admission = "admissionregistration.k8s.io/v1";
const inTenant = (apiVersion: string, kind: string, name: string) => reference(apiVersion, kind, name, tenant);
const deployment = (name: string) => reference("apps/v1", "Deployment", name, "flux-system");
const rogue = reference(rbac, "ClusterRoleBinding", "rogue");
const added = reference("v1", "ConfigMap", "added-by-hand", tenant);
const sync = reference("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "team-payments", "payments");
const account = inTenant("v1", "ServiceAccount", "reconciler");
const roleArn = "eks.amazonaws.com/role-arn";

const ofCluster: readonly Damage[] = [
  {
    title: "a controller loses an argument",
    make: async (place) => {
      const found = (await place.kubernetes
        .objects()
        .read(deployment("notification-controller"))) as KubernetesObject & {
        readonly spec: {
          readonly template: {
            readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
          };
        };
      };
      const args = found.spec.template.spec.containers[0]?.args ?? [];
      const value = args.filter((arg) => !arg.startsWith("--no-cross-namespace-refs"));
      assert.notDeepEqual(value, args);
      const path = "/spec/template/spec/containers/0/args";
      await patch(deployment("notification-controller"), [{ op: "replace", path, value }])(place);
    },
    kind: "controller-flag",
    object: "Deployment flux-system/notification-controller",
  },
  {
    title: "a controller gets another image",
    make: patch(deployment("helm-controller"), [
      { op: "replace", path: "/spec/template/spec/containers/0/image", value: "ghcr.io/fluxcd/helm-controller:v1.6.2" },
    ]),
    kind: "controller-image",
    object: "Deployment flux-system/helm-controller",
  },
  {
    title: "a quota is larger",
    make: patch(inTenant("v1", "ResourceQuota", "tenant"), { spec: { hard: { pods: "500" } } }),
    kind: "quota-changed",
    object: `ResourceQuota ${tenant}/tenant`,
  },
  {
    title: "a limit range is gone",
    make: remove(inTenant("v1", "LimitRange", "tenant")),
    kind: "object-missing",
    object: `LimitRange ${tenant}/tenant`,
  },
  {
    title: "a role binding has a further subject",
    make: patch(inTenant(rbac, "RoleBinding", "reconciler"), [
      { op: "add", path: "/subjects/-", value: { kind: "ServiceAccount", name: "reconciler", namespace: "payments" } },
    ]),
    kind: "binding-changed",
    object: `RoleBinding ${tenant}/reconciler`,
  },
  {
    title: "a binding makes a tenant an administrator",
    make: create({
      ...rogue,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "default", namespace: tenant }],
    }),
    kind: "binding-foreign",
    object: "ClusterRoleBinding rogue",
    mend: remove(rogue),
  },
  {
    title: "an account may what its neighbour may",
    make: async () => undefined,
    kind: "access-open",
    object: `account system:serviceaccount:${tenant}:default`,
  },
  {
    title: "a role has a further rule",
    make: patch(reference(rbac, "ClusterRole", "fleet-tenant-viewer"), [
      { op: "add", path: "/rules/-", value: { apiGroups: [""], resources: ["secrets"], verbs: ["get"] } },
    ]),
    kind: "role-changed",
    object: "ClusterRole fleet-tenant-viewer",
  },
  {
    title: "a policy only audits",
    make: patch(reference(admission, "ValidatingAdmissionPolicyBinding", "fleet-host-ports"), {
      spec: { validationActions: ["Audit"] },
    }),
    kind: "policy-binding-changed",
    object: "ValidatingAdmissionPolicyBinding fleet-host-ports",
  },
  {
    title: "that policy denies nothing",
    make: async () => undefined,
    kind: "admission-allowed",
    object: "ValidatingAdmissionPolicy fleet-host-ports",
  },
  {
    title: "a policy fails open",
    make: patch(reference(admission, "ValidatingAdmissionPolicy", "fleet-nodes"), {
      spec: { failurePolicy: "Ignore" },
    }),
    kind: "policy-changed",
    object: "ValidatingAdmissionPolicy fleet-nodes",
  },
  {
    title: "a policy loses its binding",
    make: remove(reference(admission, "ValidatingAdmissionPolicyBinding", "fleet-exposed-services")),
    kind: "object-missing",
    object: "ValidatingAdmissionPolicyBinding fleet-exposed-services",
  },
  {
    title: "a namespace admits privileged pods",
    make: patch(reference("v1", "Namespace", tenant), {
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    }),
    kind: "pod-security-changed",
    object: `Namespace ${tenant}`,
  },
  {
    title: "a network policy lets everything out",
    make: patch(inTenant("networking.k8s.io/v1", "NetworkPolicy", "tenant"), { spec: { egress: [{}] } }),
    kind: "network-changed",
    object: `NetworkPolicy ${tenant}/tenant`,
  },
  {
    title: "a Secret has another content",
    make: patch(inTenant("v1", "Secret", "tenant-git"), { data: { known_hosts: "b2YgYW4gaW50cnVkZXI=" } }),
    kind: "secret-changed",
    object: `Secret ${tenant}/tenant-git`,
  },
  {
    title: "a variable of the cluster has another value",
    make: patch(reference("v1", "ConfigMap", "cluster-vars", "flux-system"), { data: { region: "of-an-intruder" } }),
    kind: "configuration-changed",
    object: "ConfigMap flux-system/cluster-vars",
  },
  {
    title: "a Service leads elsewhere",
    make: patch(reference("v1", "Service", "webhook-receiver", "flux-system"), {
      spec: { selector: { app: "intruder" } },
    }),
    kind: "service-changed",
    object: "Service flux-system/webhook-receiver",
  },
  {
    title: "an object has the label of the stack",
    make: create({ ...added, metadata: { ...added.metadata, labels: tenantLabels("staging", tenant) } }),
    kind: "object-unplanned",
    object: `ConfigMap ${tenant}/added-by-hand`,
    mend: remove(added),
  },
  {
    title: "an account gets a cloud identity",
    make: patch(account, { metadata: { annotations: { [roleArn]: "arn:aws:iam::000000000000:role/other" } } }),
    kind: "annotation-changed",
    object: `ServiceAccount ${tenant}/reconciler`,
    mend: patch(account, { metadata: { annotations: { [roleArn]: null } } }),
  },
  {
    title: "a definition has another text",
    make: patch(reference("apiextensions.k8s.io/v1", "CustomResourceDefinition", "buckets.source.toolkit.fluxcd.io"), [
      { op: "replace", path: "/spec/versions/0/schema/openAPIV3Schema/description", value: "of an intruder" },
    ]),
    kind: "definition-changed",
    object: "CustomResourceDefinition buckets.source.toolkit.fluxcd.io",
  },
  {
    title: "a sync has another account",
    make: patch(inTenant("kustomize.toolkit.fluxcd.io/v1", "Kustomization", tenant), {
      spec: { serviceAccountName: "intruder" },
    }),
    kind: "sync-changed",
    object: `Kustomization ${tenant}/${tenant}`,
  },
  {
    title: "a sync is suspended",
    make: patch(sync, { spec: { suspend: true } }),
    kind: "sync-suspended",
    object: "Kustomization payments/team-payments",
    mend: patch(sync, { spec: { suspend: false } }),
  },
];

/** A well-formed key of no account. */
const strangersKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;

async function removeKey({ github }: Workplace, repository: string, title: string): Promise<string> {
  const found = (await deployKeys(github, repository)).find((key) => key.title === title);
  assert.ok(found, title);
  await github.api("DELETE", `repos/:owner/${repository}/keys/${found.id}`);
  return found.key;
}

async function rulesetId({ github }: Workplace, repository: string): Promise<number> {
  const { body } = await github.api("GET", `repos/:owner/${repository}/rulesets`);
  const [first] = body as readonly { readonly id: number }[];
  assert.ok(first);
  return first.id;
}

const own = "fleet/staging (read-only)";

const ofGitHub: readonly Damage[] = [
  {
    title: "a deploy key may push",
    make: async (place) => {
      const key = await removeKey(place, "team-payments", own);
      await place.github.api("POST", "repos/:owner/team-payments/keys", { title: own, key, read_only: false });
    },
    kind: "key-writable",
    object: `deploy key "${own}" of acme/team-payments`,
    mend: (place) => removeKey(place, "team-payments", own),
  },
  {
    title: "a deploy key is added",
    make: ({ github }) =>
      github.api("POST", `repos/:owner/${tenant}/keys`, { title: "of a stranger", key: strangersKey }),
    kind: "key-foreign",
    object: `deploy key "of a stranger" of acme/${tenant}`,
    mend: (place) => removeKey(place, tenant, "of a stranger"),
  },
  {
    title: "a ruleset is disabled",
    make: async (place) => {
      const id = await rulesetId(place, tenant);
      await place.github.api("PUT", `repos/:owner/${tenant}/rulesets/${id}`, { enforcement: "disabled" });
    },
    kind: "ruleset-changed",
    object: `ruleset "fleet" of acme/${tenant}`,
  },
  {
    title: "a ruleset is gone",
    make: async (place) => {
      const id = await rulesetId(place, "team-payments");
      await place.github.api("DELETE", `repos/:owner/team-payments/rulesets/${id}`);
    },
    kind: "ruleset-missing",
    object: 'ruleset "fleet" of acme/team-payments',
  },
  {
    title: "a webhook calls another address",
    make: async ({ github }) => {
      const { body } = await github.api("GET", `repos/:owner/${tenant}/hooks`);
      const [hook] = body as readonly { readonly id: number }[];
      assert.ok(hook);
      const config = { url: "https://intruder.example.com/", content_type: "json", insecure_ssl: "0" };
      await github.api("PATCH", `repos/:owner/${tenant}/hooks/${hook.id}`, { config });
    },
    kind: "webhook-foreign",
    object: `webhook https://intruder.example.com/ of acme/${tenant}`,
  },
];

/** Damages of each kind, all of which are made before one look. */
export const damages: readonly Damage[] = [...ofCluster, ...ofGitHub];
