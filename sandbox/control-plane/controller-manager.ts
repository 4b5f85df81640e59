import type { Pki } from "./pki.js";

/**
 * Controllers for which there is nothing to do on a node that runs no containers and in a cluster without a cloud.
 * All others run: namespaces, garbage collection, service accounts, workloads, quotas, role aggregation, endpoint slices.
 */
const withoutPurpose = [
  "cloud-node-lifecycle-controller",
  "device-taint-eviction-controller",
  "ephemeral-volume-controller",
  "horizontal-pod-autoscaler-controller",
  "node-ipam-controller",
  "node-route-controller",
  "persistentvolume-attach-detach-controller",
  "persistentvolume-expander-controller",
  "podcertificaterequest-cleaner-controller",
  "resourceclaim-controller",
  "service-lb-controller",
  "storage-version-migrator-controller",
];

/**
 * Arguments of kube-controller-manager. Each controller acts as a service account of its own, as on a real cluster:
 * admission policies that let a controller pass by its name are tested as they will run.
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/
 */
export function controllerManagerArgs(args: { kubeconfig: string; pki: Pki }): string[] {
  return [
    `--kubeconfig=${args.kubeconfig}`,
    `--controllers=*,${withoutPurpose.map((name) => `-${name}`).join(",")}`,
    "--use-service-account-credentials",
    `--service-account-private-key-file=${args.pki.serviceAccount.privateKey}`,
    `--root-ca-file=${args.pki.ca.path}`,
    "--leader-elect=false",
    // It serves nothing that is asked for here; its health is that it runs and that its controllers act.
    "--secure-port=0",
    // The default of 20 a second makes namespace deletion and mass creation wait on the client, not on the server.
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    // A quota on a kind whose CRD is younger than the quota controller's list is counted only when it looks again, and
    // until then admission refuses that kind. The default is five minutes: on a real cluster Flux's CRDs are older than
    // the first tenant by then.
    "--resource-quota-sync-period=10s",
    "--profiling=false",
  ];
}
