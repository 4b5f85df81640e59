import { type AdmissionPolicy, admissionPolicy, type PolicyContext, specChanges } from "./policy.js";

/** Kinds that have a pod's template in `spec.template`. */
const templated = {
  "": ["replicationcontrollers"],
  apps: ["deployments", "statefulsets", "daemonsets", "replicasets"],
  batch: ["jobs"],
};

/**
 * Pods that take ports of their node.
 *
 * Pod Security refuses such pods as well, but not the workloads that make them: a tenant would see a Deployment that
 * never gets a pod. Here the workload itself is refused, in the status of the sync that brought it.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export function hostPorts({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-host-ports",
    labels,
    mode,
    rules: [
      rule("", ["pods"]),
      ...Object.entries(templated).map(([group, resources]) => rule(group, resources)),
      rule("batch", ["cronjobs"]),
    ],
    conditions: [specChanges],
    variables: [
      {
        name: "pod",
        expression:
          "request.resource.resource == 'pods' ? object.spec : request.resource.resource == 'cronjobs' ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec",
      },
      {
        name: "containers",
        expression: "variables.pod.containers + variables.pod.?initContainers.orValue([])",
      },
    ],
    demands: [
      {
        expression:
          "!variables.pod.?hostNetwork.orValue(false) && variables.containers.all(container, container.?ports.orValue([]).all(port, port.?hostPort.orValue(0) == 0))",
        message:
          "pods must not take ports of their node: remove hostPort and hostNetwork, and make a Service of type ClusterIP",
      },
    ],
  });
}

function rule(group: string, resources: string[]) {
  return {
    apiGroups: [group],
    apiVersions: ["*"],
    resources,
    operations: ["CREATE" as const, "UPDATE" as const],
    scope: "Namespaced" as const,
  };
}
