/** The one node of a sandbox. */
export const nodeName = "fleet-node-0";

/**
 * Address of the node. Loopback, because that is where the Flux runner plays the kubelet and the API server looks
 * for it.
 */
export const nodeIp = "127.0.0.1";

/** The user by whose certificate a kubelet knows the API server. */
export const kubeletClientUser = "fleet:apiserver-kubelet-client";

/** Namespace of Flux's controllers. */
export const runnerNamespace = "flux-system";

/**
 * Namespaces whose pods are real processes, run by the Flux runner; kwok fakes the pods of all others. The others are
 * those of `fleet/infrastructure/controllers` whose programs the toolchain has.
 *
 * The namespace is the border, not a label: only the platform can create pods in these, so a tenant can neither make its
 * own pods unmanaged nor get a process of its own.
 */
export const runnerNamespaces: readonly string[] = [runnerNamespace, "cert-manager", "flagger"];

/** Addresses that kwok gives to the pods it fakes: network and first address. Never loopback: endpoints refuse that. */
export const fakePodRange = "10.244.0.1/16";

/** Capacity of the node: much more than a sandbox needs, so that only quotas ever limit a tenant. */
export const nodeCapacity = { cpu: "1000", memory: "4Ti", "ephemeral-storage": "4Ti", pods: "10000" } as const;
