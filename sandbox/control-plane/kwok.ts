import { stringify } from "yaml";
import { stages } from "./kwok-stages.js";
import { fakePodRange, nodeIp, nodeName } from "./node.js";

/**
 * Arguments of kwok, which stands in for the kubelet of every pod but the Flux controllers'.
 * @see https://kwok.sigs.k8s.io/docs/user/configuration/
 */
export function kwokArgs(args: { kubeconfig: string; config: string }): string[] {
  return [
    `--kubeconfig=${args.kubeconfig}`,
    `--config=${args.config}`,
    `--manage-single-node=${nodeName}`,
    `--node-ip=${nodeIp}`,
    `--cidr=${fakePodRange}`,
    // The node's heartbeat, as of a real kubelet.
    "--node-lease-duration-seconds=40",
  ];
}

/** The text of kwok's configuration file. */
export function kwokConfig(): string {
  return stages()
    .map((stage) => stringify(stage))
    .join("---\n");
}
