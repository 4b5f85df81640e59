import { kinds } from "../../kinds.js";
import { cel } from "./cel.js";
import { createOrUpdate, type ResourceRule } from "./policy.js";

/** Every kind of Kubernetes that has a pod template. */
const withTemplate = [
  kinds("", "replicationcontrollers"),
  kinds("apps", "deployments", "statefulsets", "daemonsets", "replicasets"),
  kinds("batch", "jobs", "cronjobs"),
];

/**
 * Pods, and every kind of Kubernetes that has a pod template. Templates are checked so that the refusal is in the
 * status of the sync that applied the workload, not in the events of a ReplicaSet. Pods are checked as well, because
 * operators create pods from kinds of their own.
 * @param subresources subresources of pods that change the checked fields: `ephemeralcontainers`. @default none
 */
export function podTemplateKinds(...subresources: readonly string[]): ResourceRule[] {
  return createOrUpdate(kinds("", "pods", ...subresources.map((name) => `pods/${name}`)), ...withTemplate);
}

/** `variables.pod`: the spec of the pod, or of the workload's pod template. */
export const pod = cel`
  request.resource.resource == 'pods' ? object.spec
  : request.resource.resource == 'cronjobs' ? object.spec.jobTemplate.spec.template.spec
  : object.spec.template.spec
`;

/** `variables.containers`: the containers and init containers of {@link pod}. */
export const containers = "variables.pod.containers + variables.pod.?initContainers.orValue([])";
