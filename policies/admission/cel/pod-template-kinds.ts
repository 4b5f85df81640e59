import { createOrUpdate, type NamedExpression, type ResourceRule } from "./policy.js";

/**
 * Pods, and every kind of Kubernetes that has a pod's template.
 *
 * The templates are looked at as well as the pods, so that a tenant reads the refusal in the status of the sync that
 * brought the workload, and not in the events of a ReplicaSet. The pods are looked at as well as the templates, because
 * operators make pods of whatever kinds of their own.
 * @param subresources of pods by which what is looked at can change: `ephemeralcontainers`. @default none
 */
export function podTemplateKinds(subresources: readonly string[] = []): ResourceRule[] {
  return [
    createOrUpdate("", ["pods", ...subresources.map((name) => `pods/${name}`), "replicationcontrollers"]),
    createOrUpdate("apps", ["deployments", "statefulsets", "daemonsets", "replicasets"]),
    createOrUpdate("batch", ["jobs", "cronjobs"]),
  ];
}

/** `variables.pod`: what the pod, or each pod of the workload, will be. */
export const pod: NamedExpression = {
  name: "pod",
  expression:
    "request.resource.resource == 'pods' ? object.spec : request.resource.resource == 'cronjobs' ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec",
};

/** `variables.containers`: the containers of {@link pod} that are there from its start. */
export const containers: NamedExpression = {
  name: "containers",
  expression: "variables.pod.containers + variables.pod.?initContainers.orValue([])",
};
