import type { Manifest } from "./tenant.js";

/** What admission policies demand of every container of a tenant's, beside what Pod Security does. */
const admitted = {
  imagePullPolicy: "Always",
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
} as const;

/**
 * Pods that Pod Security admits at its strictest level. Nothing pulls the image: the sandbox's node only says that pods
 * run.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const restrictedPod = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "main",
      image: "registry.example.com/main:1",
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      ...admitted,
    },
  ],
} as const;

/** The ConfigMap by which a test sees that a tenant's sync still works: each with a value of its own. */
export function signOfLife(value: string): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "sign-of-life" }, data: { value } };
}
