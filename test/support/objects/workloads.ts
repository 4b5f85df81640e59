import { definedOnly } from "../../../lib/data/defined-only.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Fields, type Metadata, NAME, object } from "./object.js";

/** A container that Pod Security admits at its strictest level, and every admission policy. */
const main = {
  name: "main",
  image: "registry.example.com/main:1",
  imagePullPolicy: "Always",
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
} as const;

/**
 * Such a container. Nothing pulls its image: the sandbox's node only says that pods run.
 * @param fields in place of, or beside, its own
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function container(fields: Fields = {}) {
  return { ...main, ...fields };
}

/** Resources that a container both requests and is limited to. */
export function amounts(of: Readonly<Record<string, string>>) {
  return { resources: { requests: of, limits: of } };
}

/** A pod's own security context; see {@link container}. */
const podSecurityContext = { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } };

/** The spec of a pod that is admitted. @param main of its container. @param spec of the pod */
export function podSpec(main: Fields = {}, spec: Fields = {}) {
  return {
    automountServiceAccountToken: false,
    securityContext: podSecurityContext,
    containers: [container(main)],
    ...spec,
  };
}

/** Fields of a pod's, or of its container's, security context beside those that are admitted. */
export const securityContext = {
  ofPod: (fields: Fields) => ({ securityContext: { ...podSecurityContext, ...fields } }),
  ofContainer: (fields: Fields) => ({ securityContext: { ...main.securityContext, ...fields } }),
};

/** A pod. */
export function pod(metadata: Metadata, spec: Fields = podSpec()): KubernetesObject {
  return object("Pod", metadata, { spec });
}

/** Labels of a workload's pods. */
export function podLabels({ name = NAME }: Metadata) {
  return { app: name };
}

/** The template of a workload's pods. @param more of their metadata, beside their labels */
function podTemplate(metadata: Metadata, spec: Fields, more: Fields = {}) {
  return { metadata: { labels: podLabels(metadata), ...more }, spec };
}

/** A workload that selects its pods. */
function workload(kind: "DaemonSet" | "Deployment" | "StatefulSet") {
  return (metadata: Metadata, pod: Fields = podSpec(), spec: Fields = {}, pods?: Fields): KubernetesObject =>
    object(kind, metadata, {
      spec: {
        ...(kind === "StatefulSet" ? { serviceName: metadata.name ?? NAME } : {}),
        selector: { matchLabels: podLabels(metadata) },
        template: podTemplate(metadata, pod, pods),
        ...spec,
      },
    });
}

/** A Deployment. Parameters: its metadata, the spec of its pods, other fields of its spec, further metadata of its pods. */
export const deployment = workload("Deployment");
/** A StatefulSet, with the parameters of {@link deployment}. */
export const statefulSet = workload("StatefulSet");
/** A DaemonSet, with the parameters of {@link deployment}. */
export const daemonSet = workload("DaemonSet");

/** The spec of a Job, with the parameters of {@link deployment}. */
function jobSpec(metadata: Metadata, pod: Fields, spec: Fields, pods?: Fields) {
  return { template: podTemplate(metadata, { restartPolicy: "Never", ...pod }, pods), ...spec };
}

/** A Job, with the parameters of {@link deployment}. */
export function job(metadata: Metadata, pod: Fields = podSpec(), spec: Fields = {}, pods?: Fields): KubernetesObject {
  return object("Job", metadata, { spec: jobSpec(metadata, pod, spec, pods) });
}

/** A CronJob. @param templates further metadata of its Jobs, and of their pods */
export function cronJob(
  metadata: Metadata,
  pod: Fields = podSpec(),
  spec: Fields = {},
  templates: { readonly jobs?: Fields; readonly pods?: Fields } = {},
): KubernetesObject {
  const jobTemplate = {
    ...definedOnly({ metadata: templates.jobs }),
    spec: jobSpec(metadata, pod, {}, templates.pods),
  };
  return object("CronJob", metadata, { spec: { schedule: "0 3 * * *", jobTemplate, ...spec } });
}

/** The spec of a claim of a volume. */
export function claimSpec(spec: Fields = {}) {
  return { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec };
}

/** A claim of a volume. */
export function volumeClaim(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("PersistentVolumeClaim", metadata, { spec: claimSpec(spec) });
}

/** A HorizontalPodAutoscaler of the Deployment of the same name. @param spec its metrics, and further fields */
export function autoscaler(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: metadata.name ?? NAME };
  return object("HorizontalPodAutoscaler", metadata, { spec: { scaleTargetRef, maxReplicas: 5, ...spec } });
}

/** A PodDisruptionBudget of the workload of the same name. */
export function disruptionBudget(metadata: Metadata, spec: Fields): KubernetesObject {
  return object("PodDisruptionBudget", metadata, { spec: { selector: { matchLabels: podLabels(metadata) }, ...spec } });
}

/**
 * A workload of every kind that makes pods.
 * @param title what follows the kind in its title: "with a host port"
 * @returns title, such as "a StatefulSet with a host port" → object
 */
export function everyWorkload(
  metadata: Metadata,
  title: string,
  pod: Fields = podSpec(),
): Record<string, KubernetesObject> {
  return {
    [`a Deployment ${title}`]: deployment(metadata, pod),
    [`a StatefulSet ${title}`]: statefulSet(metadata, pod),
    [`a DaemonSet ${title}`]: daemonSet(metadata, pod),
    [`a Job ${title}`]: job(metadata, pod),
    [`a CronJob ${title}`]: cronJob(metadata, pod),
  };
}
