/**
 * A network policy's egress rule for DNS: the cluster's DNS service, and the address of NodeLocal DNSCache on every
 * node.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
export const dnsEgress = {
  to: [
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } },
    { ipBlock: { cidr: "169.254.20.10/32" } },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};
