import type { Manifest } from "./tenant.js";

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
    },
  ],
} as const;

/** The ConfigMap by which a test sees that a tenant's sync still works: each with a value of its own. */
export function signOfLife(value: string): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "sign-of-life" }, data: { value } };
}
