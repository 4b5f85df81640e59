import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { clusterFile, infrastructureFile, release, sync } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const only = (...documents: readonly string[]) => builtPlatform({ [infrastructureFile]: documents.join("---\n") });
const object = (apiVersion: string, kind: string, metadata: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\n`;
const inFlux = (apiVersion: string, kind: string, name: string) =>
  object(apiVersion, kind, `name: ${name}, namespace: flux-system`);
const own = (line: number, id: string) => `${infrastructureFile}:${line} ${id} is the program's own`;

/** The cases of the rule `platform-owned`. */
export const ownedObjectsCases: PlatformCases = {
  violating: [
    {
      title: "a root source that leads to another repository, and another root sync",
      platform: only(
        inFlux("source.toolkit.fluxcd.io/v1", "GitRepository", "platform"),
        inFlux("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "platform"),
      ),
      violations: [own(3, "GitRepository flux-system/platform"), own(7, "Kustomization flux-system/platform")],
    },
    {
      title: "values, keys and the account of the platform",
      platform: only(
        inFlux("v1", "ConfigMap", "cluster-vars"),
        inFlux("v1", "Secret", "platform-verify"),
        inFlux("v1", "Secret", "platform-git-token"),
        inFlux("v1", "ServiceAccount", "platform-reconciler"),
      ),
      violations: [
        own(3, "ConfigMap flux-system/cluster-vars"),
        own(7, "Secret flux-system/platform-verify"),
        own(11, "Secret flux-system/platform-git-token"),
        own(15, "ServiceAccount flux-system/platform-reconciler"),
      ],
    },
    {
      title: "a controller of Flux, also of a shard, and a definition",
      platform: only(
        inFlux("apps/v1", "Deployment", "kustomize-controller"),
        inFlux("apps/v1", "Deployment", "source-controller-shard1"),
        object(
          "apiextensions.k8s.io/v1",
          "CustomResourceDefinition",
          "name: kustomizations.kustomize.toolkit.fluxcd.io",
        ),
      ),
      violations: [
        own(3, "Deployment flux-system/kustomize-controller"),
        own(7, "Deployment flux-system/source-controller-shard1"),
        own(11, "CustomResourceDefinition kustomizations.kustomize.toolkit.fluxcd.io"),
      ],
    },
    {
      title: "an admission policy, and a role of tenants",
      platform: only(
        object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "name: fleet-pod-security"),
        object("rbac.authorization.k8s.io/v1", "ClusterRole", "name: fleet-tenant-reconciler"),
      ),
      violations: [
        own(3, "ValidatingAdmissionPolicy fleet-pod-security"),
        own(7, "ClusterRole fleet-tenant-reconciler"),
      ],
    },
    {
      title: "the label of the program's objects",
      platform: only(object("v1", "ConfigMap", "name: a, labels: {app.kubernetes.io/managed-by: fleet}")),
      violations: [own(3, "ConfigMap a")],
    },
  ],
  clean: [
    { title: "syncs and releases of its own", platform: builtPlatform({ [clusterFile]: sync("infrastructure") }) },
    {
      title: "the same names elsewhere, and other names",
      platform: only(
        release("platform"),
        object("v1", "ConfigMap", "name: cluster-vars, namespace: platform"),
        inFlux("v1", "ConfigMap", "alerts"),
        object("rbac.authorization.k8s.io/v1", "Role", "name: fleet-reader, namespace: platform"),
        object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "name: certificates.cert-manager.io"),
        object("v1", "ConfigMap", "name: b, labels: {app.kubernetes.io/managed-by: Helm}"),
      ),
    },
  ],
};
