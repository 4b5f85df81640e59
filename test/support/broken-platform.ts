/** Files of a platform's repository that break mandatory rules, beside the fixtures. A comment on the line names the rule. */
export const brokenPlatform: Readonly<Record<string, string>> = {
  "fleet/.gitattributes": "# *.yaml working-tree-encoding=UTF-16\n",
  "fleet/clusters/staging/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [infrastructure.yaml, wrong.yaml]
`,
  "fleet/clusters/staging/wrong.yaml": `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: without-account, namespace: flux-system}
spec: # platform-accounts
  sourceRef: {kind: GitRepository, name: platform}
  path: ./fleet/infrastructure/base
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: after-a-tenant, namespace: flux-system}
spec:
  serviceAccountName: platform-reconciler
  sourceRef: {kind: GitRepository, name: platform}
  path: ./fleet/infrastructure/base
  dependsOn:
    - {name: app, namespace: team-search} # platform-order
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: from-a-tenant, namespace: flux-system}
spec:
  serviceAccountName: platform-reconciler
  sourceRef: {kind: GitRepository, name: app, namespace: team-search} # platform-references
  path: ./deploy
---
apiVersion: apps/v1
kind: DaemonSet # platform-workloads
metadata: {name: agent, namespace: platform}
spec:
  template:
    spec:
      containers: [{name: agent, image: 'agent:1.2.3'}]
`,
  "fleet/infrastructure/prod-eu/kustomization.yaml": "resources: [../base]\nresource: [] # platform-builds\n",
  "fleet/infrastructure/staging/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../base, wrong.yaml]
`,
  "fleet/infrastructure/staging/wrong.yaml": `apiVersion: v1
kind: Namespace
metadata: {name: team-search} # platform-tenants
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cluster-vars, namespace: flux-system} # platform-owned
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: flux-system}
spec:
  url: http://charts.example.com # platform-sources
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: pinned, namespace: flux-system}
spec:
  url: oci://ghcr.io/acme/pinned
  ref: {tag: 1.2.3, digest: 'sha256:${"0".repeat(64)}'}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: tagged, namespace: flux-system}
spec:
  url: oci://ghcr.io/acme/tagged
  ref: # platform-all-digests
    tag: 1.2.3
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: proxy, namespace: flux-system}
spec:
  serviceAccountName: platform-reconciler
  chart:
    spec:
      chart: proxy
      sourceRef: {kind: HelmRepository, name: charts}
      version: 1.x # platform-charts
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: proxy, namespace: platform}
spec:
  template:
    spec:
      hostNetwork: true # platform-hardening
      containers:
        - name: proxy
          image: proxy # platform-images
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: helper}
rules:
  - {apiGroups: ['*'], resources: ['*'], verbs: ['*']} # platform-roles
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: platform}
spec: {acme: {solvers: [{http01: {gatewayHTTPRoute: {}}}]}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: gateway, namespace: platform}
spec:
  issuerRef: {name: platform, kind: ClusterIssuer}
  dnsNames: ['*.example.com'] # platform-certificates
`,
};

/** A mandatory rule that {@link brokenPlatform} breaks, and the place. */
export interface BrokenRule {
  readonly rule: string;
  /** `FILE:LINE`, or the file alone where the file is the violation. */
  readonly place: string;
}

/** Each mandatory rule that {@link brokenPlatform} breaks. Without Flux's manifest, no form of an object is known. */
export const brokenRules: readonly BrokenRule[] = [
  { rule: "platform-files", place: "fleet/.gitattributes" },
  ...Object.entries(brokenPlatform).flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => {
      const rule = / # (platform-[\w-]+)$/.exec(line)?.[1];
      return rule === undefined ? [] : [{ rule, place: `${file}:${index + 1}` }];
    }),
  ),
];
