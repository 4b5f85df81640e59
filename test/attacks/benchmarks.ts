interface BenchmarkCheck {
  readonly title: string;
  /** Whether tenants must be refused something, or be able to do it themselves. */
  readonly expects: "refused" | "allowed";
}

/**
 * The behavioural and configuration checks of the Kubernetes multi-tenancy working group's benchmarks, by what they are
 * called there. Two of them share an id upstream, so their titles are the keys.
 * @see https://github.com/kubernetes-retired/multi-tenancy/tree/master/benchmarks
 */
export const BENCHMARKS = {
  "cluster-resources": { title: "Block access to cluster resources", expects: "refused" },
  "multitenant-resources": { title: "Block access to multi-tenant resources", expects: "refused" },
  "other-tenants": { title: "Block access to other tenants' resources", expects: "refused" },
  "role-escalation": { title: "Block role privilege escalation", expects: "refused" },
  capabilities: { title: "Block added capabilities", expects: "refused" },
  privileged: { title: "Block privileged containers", expects: "refused" },
  "privilege-escalation": { title: "Block privilege escalation", expects: "refused" },
  "non-root": { title: "Require run as non-root user", expects: "refused" },
  "host-path": { title: "Block use of host path volumes", expects: "refused" },
  "host-network": { title: "Block use of host networking and ports", expects: "refused" },
  "host-pid": { title: "Block use of host PID", expects: "refused" },
  "host-ipc": { title: "Block use of host IPC", expects: "refused" },
  "node-port": { title: "Block use of NodePort services", expects: "refused" },
  "quota-changes": { title: "Block modification of resource quotas", expects: "refused" },
  "compute-quotas": { title: "Configure namespace resource quotas", expects: "refused" },
  "object-quotas": { title: "Configure namespace object limits", expects: "refused" },
  "always-pull": {
    title: "Require image pull policy Always",
    expects: "refused",
  },
  "network-policies": { title: "Create network policies", expects: "allowed" },
  "role-bindings": { title: "Create roles and role bindings", expects: "allowed" },
} as const satisfies Record<string, BenchmarkCheck>;

/** One of {@link BENCHMARKS}. */
export type BenchmarkId = keyof typeof BENCHMARKS;
