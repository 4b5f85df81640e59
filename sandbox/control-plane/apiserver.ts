import { etcdUrl } from "./etcd.js";
import type { Pki } from "./pki.js";

/** Issuer of service account tokens, the one that kubeadm sets; ports may change, issued tokens stay valid. */
export const serviceAccountIssuer = "https://kubernetes.default.svc.cluster.local";

/**
 * Arguments of kube-apiserver: as secure as a cluster from kubeadm, so that what is tested here holds there.
 *
 * Pod Security, limit ranges, quotas and admission policies are among the default admission plugins; NodeRestriction has
 * to be added.
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
 */
export function apiserverArgs(args: {
  readonly pki: Pki;
  readonly port: number;
  readonly etcdPort: number;
  /** Path of the configuration of its way to Services. @default none: no address of a Service leads anywhere */
  readonly egressSelector?: string;
}): string[] {
  const { pki } = args;
  return [
    "--bind-address=127.0.0.1",
    // Said outright, or the API server looks for the address of a default route and ends where there is none.
    "--advertise-address=127.0.0.1",
    "--external-hostname=127.0.0.1",
    `--secure-port=${args.port}`,
    `--tls-cert-file=${pki.apiserver.cert}`,
    `--tls-private-key-file=${pki.apiserver.key}`,

    `--etcd-servers=${etcdUrl(args.etcdPort)}`,
    `--etcd-cafile=${pki.etcd.ca}`,
    `--etcd-certfile=${pki.etcd.client.cert}`,
    `--etcd-keyfile=${pki.etcd.client.key}`,

    `--client-ca-file=${pki.ca.path}`,
    "--anonymous-auth=false",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",

    `--service-account-issuer=${serviceAccountIssuer}`,
    `--service-account-signing-key-file=${pki.serviceAccount.privateKey}`,
    `--service-account-key-file=${pki.serviceAccount.publicKey}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    ...(args.egressSelector === undefined ? [] : [`--egress-selector-config-file=${args.egressSelector}`]),

    // The name of the node is not an address; its address is, and the kubelet's role is played on loopback.
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-client-certificate=${pki.kubeletClient.cert}`,
    `--kubelet-client-key=${pki.kubeletClient.key}`,

    // One API server has no peers to be listed with, and a loopback address cannot be an endpoint.
    "--endpoint-reconciler-type=none",
    "--profiling=false",
  ];
}
