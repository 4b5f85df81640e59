/**
 * The pods of a namespace, as a peer. Kubernetes itself sets the label, so that no other namespace can have it.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name
 */
export function podsOf(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

/** A TCP port. */
export function tcp(port: number) {
  return { protocol: "TCP", port };
}

/**
 * A network policy's egress rule for DNS: the cluster's DNS service, and the address of NodeLocal DNSCache on every
 * node.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
export const dnsEgress = {
  to: [podsOf("kube-system"), { ipBlock: { cidr: "169.254.20.10/32" } }],
  ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
};
