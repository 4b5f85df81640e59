/** Ports of DNS. */
const ports = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];

/**
 * Egress to the cluster's DNS, and to the address at which NodeLocal DNSCache listens on every node: nothing finds
 * anything without it.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
export const dnsEgress = {
  to: [
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
    { ipBlock: { cidr: "169.254.20.10/32" } },
  ],
  ports,
};
