import { cel, specChanges } from "./cel/cel.js";
import { containers, pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition } from "./cel/policy.js";

/**
 * The policy on pods that use ports of their node. Pod Security refuses such pods, but not the workloads that create
 * them: a tenant would see a Deployment without pods. Here the workload itself is refused, in the status of its sync.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const hostPorts: PolicyDefinition = {
  name: "fleet-host-ports",
  resourceRules: podTemplateKinds(),
  matchConditions: specChanges,
  variables: { pod, containers },
  validations: [
    {
      expression: cel`
        !variables.pod.?hostNetwork.orValue(false)
        && variables.containers.all(
          container,
          container.?ports.orValue([]).all(port, port.?hostPort.orValue(0) == 0)
        )
      `,
      message:
        "pods must not use ports of their node: remove hostPort and hostNetwork, and create a Service of type ClusterIP",
    },
  ],
};
