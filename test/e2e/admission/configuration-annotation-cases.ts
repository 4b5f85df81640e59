import { configMap, secret } from "../../support/objects/configuration.js";
import { autoscaler } from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Annotations by which controllers copy an object into other namespaces, or fill it from another. */
const copying = [
  "configsyncer.example.org/sync",
  "kubed.appscode.com/sync",
  "reflector.v1.k8s.emberstack.com/reflection-auto-enabled",
  "reflector.v1.k8s.emberstack.com/reflects",
  "replicator.v1.mittwald.de/replicate-from",
  "replicator.v1.mittwald.de/replicate-to",
] as const;

/** Annotations of tools that deploy, and of the tenant's own workloads. */
const ordinary = [
  "argocd.argoproj.io/sync-wave",
  "checksum/config",
  "control-plane.alpha.kubernetes.io/leader",
  "helm.sh/resource-policy",
  "kubectl.kubernetes.io/last-applied-configuration",
  "kustomize.toolkit.fluxcd.io/prune",
  "meta.helm.sh/release-name",
  "grafana_folder",
  "owner",
  "reloader.stakater.com/match",
] as const;

/** Policy fleet-configuration-annotations, where the stack lists annotations of example.com. */
export function configurationAnnotationCases(place: Place): Case[] {
  const annotated = (key: string) => ({ ...place, annotations: { [key]: "x" } });
  return [
    ...refused(/are not known to concern this namespace only: remove them, write them without a prefix, or ask/, {
      ...each(copying, (key) => [`a Secret with the annotation ${key}`, secret(annotated(key), {})]),
      ...each(copying, (key) => [`a ConfigMap with the annotation ${key}`, configMap(annotated(key))]),
    }),
    ...refused(/are not known to concern this namespace only: remove them/, {
      "a ConfigMap for a folder of Grafana's own files": configMap(annotated("k8s-sidecar-target-directory")),
      "an autoscaler with a query of its own": autoscaler(annotated("metric-config.external.all.prometheus/query")),
    }),
    ...allowed({
      "an autoscaler of an older version": autoscaler(annotated("autoscaling.alpha.kubernetes.io/behavior")),
      ...each(ordinary, (key) => [`a Secret with the annotation ${key}`, secret(annotated(key), {})]),
      ...each(ordinary, (key) => [`a ConfigMap with the annotation ${key}`, configMap(annotated(key))]),
      "a ConfigMap with an annotation that the stack lists": configMap(annotated("example.com/owner")),
    }),
  ];
}
