import type { Fields } from "../../support/objects/object.js";
import { cronJob, deployment, everyWorkload, pod, podSpec, statefulSet } from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Annotations by which agents of a node give a pod more than its spec. */
const obeyed = [
  "cdi.k8s.io/gpu",
  "cni.projectcalico.org/ipAddrs",
  "iam.amazonaws.com/role",
  "io.katacontainers.config.hypervisor.kernel",
  "io.kubernetes.cri-o.Devices",
  "ipam.cilium.io/ip-pool",
  "irq-load-balancing.crio.io",
  "k8s.ovn.org/pod-networks",
  "k8s.v1.cni.cncf.io/networks",
  "org.systemd.property.DeviceAllow",
  "run.oci.handler",
  "scheduler.alpha.kubernetes.io/critical-pod",
  "v1.multus-cni.io/default-network",
] as const;

/** Annotations of ordinary pods. */
const ordinary = [
  "checksum/config",
  "cluster-autoscaler.kubernetes.io/safe-to-evict",
  "example.com/owner",
  "instrumentation.opentelemetry.io/inject-java",
  "kubectl.kubernetes.io/default-container",
  "kubectl.kubernetes.io/restartedAt",
  "linkerd.io/inject",
  "notcilium.io/x",
  "prometheus.io/scrape",
  "sidecar.istio.io/inject",
] as const;

const inClass = (runtimeClassName: string) => podSpec({}, { runtimeClassName });

/** Policy fleet-node-agents, where the stack lists the class `gvisor` and the annotation `networking.gke.io/interfaces`. */
export function nodeAgentCases(place: Place): Case[] {
  const annotated = (key: string) => ({ annotations: { [key]: "x" } });
  const made = (metadata: Fields) => deployment(place, podSpec(), {}, metadata);
  return [
    ...refused(
      /pods must run in the container runtime that the platform offers: remove runtimeClassName, or set it to one of gvisor/,
      everyWorkload(place, "in a runtime of its choice", inClass("privileged")),
    ),
    ...refused(
      /pods must not have annotations or labels that a network plugin, a container runtime or an identity agent/,
      {
        ...each(obeyed, (key) => [`a Deployment with the annotation ${key}`, made(annotated(key))]),
        "a Deployment with an identity by a label": made({ labels: { app: "of-a-test", aadpodidbinding: "admin" } }),
        "a StatefulSet with a further network": statefulSet(place, podSpec(), {}, annotated(obeyed[8])),
        "a CronJob with a further network": cronJob(place, podSpec(), {}, { pods: annotated(obeyed[8]) }),
        "a pod with a further network": pod({ ...place, annotations: { "k8s.v1.cni.cncf.io/networks": "team-b/lan" } }),
      },
    ),
    ...allowed({
      ...everyWorkload(place, "in a runtime that the stack lists", inClass("gvisor")),
      ...each(ordinary, (key) => [`a Deployment with the annotation ${key}`, made(annotated(key))]),
      "a Deployment with an annotation that the stack lists": made(annotated("networking.gke.io/interfaces")),
      "a pod with an annotation of its own": pod({ ...place, annotations: { "example.com/owner": "shop" } }),
    }),
  ];
}
