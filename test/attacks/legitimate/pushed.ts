import { stringify } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Tenant } from "../../support/e2e/tenant.js";
import { restrictedPod } from "../../support/e2e/workloads.js";

/** What a tenant's repository needs for {@link pushed}. */
export const pushedFiles = {
  "extra/kustomization.yaml": stringify({
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: ["config.yaml"],
  }),
  "extra/config.yaml": stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "extra" },
    data: { a: "b" },
  }),
  "chart/Chart.yaml": stringify({ apiVersion: "v2", name: "chart", version: "0.1.0" }),
  "chart/templates/config.yaml": stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "from-helm", labels: { "app.kubernetes.io/managed-by": "{{ .Release.Service }}" } },
  }),
};

/** One of each that a policy looks at, all of them as they should be. */
export function pushed(tenant: Tenant): KubernetesObject[] {
  const labels = { app: "web" };
  const sourceRef = { kind: "GitRepository", name: "own" };
  const containers = restrictedPod.containers.map((one) => ({ ...one, ports: [{ containerPort: 8080 }] }));
  return [
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: { name: "own" },
      spec: { interval: "1m", url: tenant.cloneUrl, ref: { branch: "main" }, secretRef: { name: "tenant-git" } },
    },
    {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "own" },
      spec: {
        interval: "1m",
        prune: true,
        path: "./extra",
        serviceAccountName: "reconciler",
        targetNamespace: tenant.namespace,
        sourceRef,
      },
    },
    {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "own" },
      spec: {
        interval: "1m",
        serviceAccountName: "reconciler",
        chart: { spec: { chart: "./chart", sourceRef } },
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...restrictedPod, containers } },
      },
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "web" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "web" },
      subjects: [{ kind: "ServiceAccount", name: "web", namespace: tenant.namespace }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "web" },
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "web" },
      spec: { podSelector: { matchLabels: labels }, ingress: [{ from: [{ podSelector: {} }] }] },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: labels, ports: [{ port: 8080 }] },
    },
  ];
}
