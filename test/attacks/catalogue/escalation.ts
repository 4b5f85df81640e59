import { stringify } from "yaml";
import type { Attack, Place } from "../attack.js";
import { kustomization, NAME, ofCluster, own, reference, release, toReconciler, V, within } from "../objects.js";
import { apply, change, create, list, token } from "../request.js";
import { cannot, forbidden, owned } from "./says.js";

const category = "escalation";

/** A request for a client certificate, as `openssl req -new` writes it; its key was thrown away. */
const certificateRequest =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIU01Ia0NBUUF3RnpFVk1CTUdBMVVFQXd3TWIyWXRZVzR0WVhSMFlXTnJNRmt3RXdZSEtvWkl6ajBDQVFZSQpLb1pJemowREFRY0RRZ0FFS3pWNExlVEhVZFVMOFZqSmlmSFFSZzhVejQvb1lxNGtjcXRiQ01mTXdUcHJjYjNCCmxYUTBpODhkTy9QUWF6Y2k0KzBhekZMSERkcHFaelJKVUhWSk5LQUFNQW9HQ0NxR1NNNDlCQU1DQTBrQU1FWUMKSVFDaWFMVHMyT29RNDM2R0dZYWUyTVNwellWUXNzK2paSGhaOUc4Tit1dHdTd0loQU9keERwa0dORDRNaHZUYgpyV3ZDdld6Um1qdUtVVVh0M1lzcVpjNGdMZHd3Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";

/** A role without rules: harmless when the attack goes through, and as forbidden as any. */
const emptyRole = (name: string) => ofCluster(V.rbac, "ClusterRole", { rules: [] }, name);

/** A chart whose only template is that role. */
const roleChart = (name: string) => ({
  "Chart.yaml": stringify({ apiVersion: "v2", name, version: "0.1.0" }),
  "templates/role.yaml": stringify(emptyRole(name)),
});

const wideRules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

/** More rights than the tenant has. */
export const escalation: readonly Attack[] = [
  {
    id: "cluster-admin-by-token",
    title: "binds cluster-admin to itself on the whole cluster",
    category,
    by: "reconciler",
    benchmark: "cluster-resources",
    stoppedBy: [{ control: "own-namespace", says: cannot("create", "clusterrolebindings") }],
    attempt: (place) => ({
      kind: "request",
      request: create(ofCluster(V.rbac, "ClusterRoleBinding", toReconciler(place, "cluster-admin"))),
    }),
  },
  {
    id: "cluster-admin-by-push",
    title: "pushes a ClusterRoleBinding",
    category,
    by: "push",
    stoppedBy: [{ control: "own-namespace", says: forbidden("reconciler", "clusterrolebindings") }],
    // To a role that does not exist: what follows must not be helped by it.
    attempt: (place) => ({
      kind: "push",
      object: ofCluster(V.rbac, "ClusterRoleBinding", toReconciler(place, "nothing"), "cluster-admin-by-push"),
    }),
  },
  {
    id: "admin-of-namespace",
    title: "binds cluster-admin to itself in its own namespace",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "tenant-role", says: cannot("create", "rolebindings") }],
    attempt: (place) => ({
      kind: "request",
      request: create(own(place, V.rbac, "RoleBinding", toReconciler(place, "cluster-admin"))),
    }),
  },
  {
    id: "own-role",
    title: "makes a role with escalate, bind and impersonate",
    category,
    by: "reconciler",
    benchmark: "role-escalation",
    stoppedBy: [{ control: "tenant-role", says: cannot("create", "roles") }],
    attempt: (place) => ({
      kind: "request",
      request: create(
        own(place, V.rbac, "Role", {
          rules: [
            {
              apiGroups: ["rbac.authorization.k8s.io"],
              resources: ["roles", "rolebindings"],
              verbs: ["escalate", "bind"],
            },
            { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] },
          ],
        }),
      ),
    }),
  },
  {
    id: "own-binding-changed",
    title: "puts another account into its own role binding",
    category,
    by: "reconciler",
    benchmark: "multitenant-resources",
    stoppedBy: [
      { control: "tenant-role", says: cannot("patch", "rolebindings") },
      { control: "fleet-owned-objects", says: owned },
    ],
    attempt: ({ namespace }) => ({
      kind: "request",
      request: change(reference(V.rbac, "RoleBinding", "reconciler", namespace), {
        subjects: [{ kind: "ServiceAccount", name: "default", namespace }],
      }),
    }),
  },
  {
    id: "tenant-role-widened",
    title: "adds rules to the role of all tenants",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("patch", "clusterroles") }],
    attempt: () => ({
      kind: "request",
      request: change(reference(V.rbac, "ClusterRole", "fleet-tenant-reconciler"), { rules: wideRules }),
    }),
  },
  {
    id: "aggregated-role",
    title: "makes a ClusterRole that Kubernetes merges into admin",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("create", "clusterroles") }],
    attempt: () => ({
      kind: "request",
      request: create({
        apiVersion: V.rbac,
        kind: "ClusterRole",
        metadata: { name: NAME, labels: { "rbac.authorization.k8s.io/aggregate-to-admin": "true" } },
        rules: wideRules,
      }),
    }),
  },
  {
    id: "token-of-itself",
    title: "asks for another token of its reconciler",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "tenant-role", says: cannot("create", "serviceaccounts/token") }],
    attempt: ({ namespace }) => ({ kind: "request", request: token(namespace, "reconciler") }),
  },
  {
    id: "token-of-neighbour",
    title: "asks for a token of the neighbour's reconciler",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("create", "serviceaccounts/token") }],
    attempt: ({ neighbour }) => ({ kind: "request", request: token(neighbour, "reconciler") }),
  },
  {
    id: "token-of-flux",
    title: "asks for a token of kustomize-controller",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("create", "serviceaccounts/token") }],
    attempt: () => ({ kind: "request", request: token("flux-system", "kustomize-controller") }),
  },
  {
    id: "impersonate-neighbour",
    title: "acts as the neighbour's reconciler",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: /cannot impersonate/ }],
    attempt: ({ neighbour }) => ({
      kind: "request",
      request: {
        ...list("v1", "ConfigMap", neighbour),
        as: { user: `system:serviceaccount:${neighbour}:reconciler` },
      },
    }),
  },
  {
    id: "impersonate-administrators",
    title: "acts as a member of system:masters",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: /cannot impersonate/ }],
    attempt: () => ({
      kind: "request",
      request: { ...list("v1", "Secret"), as: { user: "anybody", groups: ["system:masters"] } },
    }),
  },
  {
    id: "certificate",
    title: "asks for a client certificate",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("create", "certificatesigningrequests") }],
    attempt: () => ({
      kind: "request",
      request: create(
        ofCluster("certificates.k8s.io/v1", "CertificateSigningRequest", {
          spec: {
            request: certificateRequest,
            signerName: "kubernetes.io/kube-apiserver-client",
            usages: ["client auth"],
          },
        }),
      ),
    }),
  },
  {
    id: "webhook",
    title: "has every request of the cluster changed by a webhook of its own",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("create", "mutatingwebhookconfigurations") }],
    attempt: () => ({
      kind: "request",
      request: create(ofCluster(V.admission, "MutatingWebhookConfiguration", { webhooks: [] })),
    }),
  },
  {
    id: "sync-without-account",
    title: "pushes a Kustomization that names no account, with a ClusterRole",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-flux-sync", says: /spec\.serviceAccountName must name the account of this namespace/ },
      { control: "kustomize-default-account", says: forbidden("default", "clusterroles") },
      { control: "controllers-without-rights", says: forbidden("kustomize-controller", "clusterroles") },
    ],
    attempt: (place) => withoutAccount(place, "sync-without-account"),
  },
  {
    id: "release-without-account",
    title: "pushes a HelmRelease that names no account, with a ClusterRole",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-flux-sync", says: /spec\.serviceAccountName must name the account of this namespace/ },
      { control: "helm-default-account", says: forbidden("default", "[a-z]+") },
      { control: "controllers-without-rights", says: forbidden("helm-controller", "[a-z]+") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: release(place, "release-without-account", { serviceAccountName: undefined }),
      files: roleChart("release-without-account"),
      evidence: reference(V.rbac, "ClusterRole", "release-without-account"),
    }),
  },
  {
    id: "cloud-identity",
    title: "gives an account of its own a role of the cloud",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-identities", says: /identity of the cloud are the platform's to make/ }],
    attempt: (place) => {
      const account = own(place, "v1", "ServiceAccount");
      const annotations = { "eks.amazonaws.com/role-arn": "arn:aws:iam::000000000000:role/admin" };
      return { kind: "request", request: create({ ...account, metadata: { ...account.metadata, annotations } }) };
    },
  },
  {
    id: "pod-reads-secrets",
    title: "reads the Secrets of its own namespace from a pod",
    category,
    by: "pod",
    stoppedBy: [{ control: "pods-have-no-rights", says: cannot("list", "secrets") }],
    attempt: ({ namespace }) => ({ kind: "request", request: list("v1", "Secret", namespace) }),
  },
  {
    id: "pod-makes-sync",
    title: "makes a Kustomization as its reconciler from a pod",
    category,
    by: "pod",
    stoppedBy: [{ control: "pods-have-no-rights", says: cannot("create", "kustomizations") }],
    attempt: (place) => ({ kind: "request", request: create(kustomization(place, NAME)) }),
  },
  {
    id: "pod-writes",
    title: "writes a ConfigMap of its own namespace from a pod",
    category,
    by: "pod",
    stoppedBy: [{ control: "pods-have-no-rights", says: cannot("patch", "configmaps") }],
    attempt: (place) => ({ kind: "request", request: apply(own(place, "v1", "ConfigMap")) }),
  },
  {
    id: "account-of-flux",
    title: "makes a pod in Flux's namespace that runs as kustomize-controller",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("create", "pods") }],
    attempt: () => ({
      kind: "request",
      request: create(
        within("flux-system", "v1", "Pod", {
          spec: {
            serviceAccountName: "kustomize-controller",
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                name: "main",
                image: "registry.example.com/main:1",
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              },
            ],
          },
        }),
      ),
    }),
  },
];

/** With a role that is harmless when it is made. */
function withoutAccount(place: Place, name: string) {
  return {
    kind: "sync",
    object: kustomization(place, name, { serviceAccountName: undefined }),
    files: { "role.yaml": stringify(emptyRole(name)) },
    evidence: reference(V.rbac, "ClusterRole", name),
  } as const;
}
