import type { Fields } from "../../support/objects/object.js";
import {
  cronJob,
  deployment,
  everyWorkload,
  pod,
  podSpec,
  securityContext,
  statefulSet,
} from "../../support/objects/workloads.js";
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

/** Annotations of pods that common charts and tools write. */
const ordinary = [
  "app.gitlab.com/app",
  "argocd.argoproj.io/tracking-id",
  "backup.velero.io/backup-volumes",
  "checksum/config",
  "cluster-autoscaler.kubernetes.io/safe-to-evict",
  "commit",
  "config.linkerd.io/proxy-cpu-request",
  "configmap.reloader.stakater.com/reload",
  "dapr.io/app-id",
  "helm.sh/hook",
  "hub.jupyter.org/username",
  "instrumentation.opentelemetry.io/inject-java",
  "k8s.grafana.com/scrape",
  "karpenter.sh/do-not-disrupt",
  "kubernetes.jenkins.io/last-refresh",
  "kubectl.kubernetes.io/default-container",
  "kubectl.kubernetes.io/restartedAt",
  "kubernetes.io/egress-bandwidth",
  "linkerd.io/inject",
  "meta.helm.sh/release-name",
  "post.hook.backup.velero.io/command",
  "project.runner.gitlab.com/id",
  "prometheus.io/port",
  "prometheus.io/scrape",
  "proxy.istio.io/config",
  "rollme",
  "sidecar.istio.io/inject",
  "traffic.sidecar.istio.io/excludeOutboundPorts",
  "vault.hashicorp.com/agent-inject",
] as const;

/** Annotations that the policy does not know; agents of a node obey some of them. */
const unknown = [
  "ad.datadoghq.com/web.checks",
  "co.elastic.logs/raw",
  "com.example.agent",
  "consul.hashicorp.com/connect-service",
  "eks.amazonaws.com/skip-containers",
  "evilhelm.sh/x",
  "example.org/owner",
  "io.example.runtime/device",
  "istio.io.example.org/x",
  "k8s.aliyun.com/eci-use-specs",
  "kubevirt.io/vm",
  "notcilium.io/x",
  "openshift.io/required-scc",
  "sidecar.istio.io/userVolume",
] as const;

/** Annotations that the stack lists in {@link nodeAgentCases}. */
export const listedAnnotations = ["networking.gke.io/interfaces", "example.com/*"];

/** Profiles that the stack lists in {@link nodeAgentCases}. */
export const listedProfiles = ["profiles/audited.json"];

const appArmor = "container.apparmor.security.beta.kubernetes.io";
const profile = (localhostProfile: string) => ({ type: "Localhost", localhostProfile });
const { ofContainer, ofPod } = securityContext;
const profiles = {
  seccomp: podSpec(ofContainer({ seccompProfile: profile("profiles/none.json") })),
  seccompOfPod: podSpec({}, ofPod({ seccompProfile: profile("profiles/none.json") })),
  appArmor: podSpec(ofContainer({ appArmorProfile: profile("runc") })),
  listed: podSpec(ofContainer({ seccompProfile: profile("profiles/audited.json") })),
};

const inClass = (runtimeClassName: string) => podSpec({}, { runtimeClassName });

/** Policy fleet-node-agents, where the stack lists the class `gvisor` and {@link listedAnnotations}. */
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
    ...refused(/pods must not choose a profile of the node.* or name one of profiles\/audited\.json, or ask/, {
      ...everyWorkload(place, "with a profile of seccomp of its choice", profiles.seccomp),
      "a pod with a profile of seccomp of its choice": pod(place, profiles.seccompOfPod),
      "a Deployment with a profile of AppArmor of its choice": deployment(place, profiles.appArmor),
      "a Deployment with a profile of AppArmor by an annotation": made({
        annotations: { [`${appArmor}/main`]: "localhost/runc" },
      }),
    }),
    ...refused(/annotations of pods must refer to objects of this namespace: remove the namespace from the values of/, {
      "a Deployment that OpenTelemetry instruments from another namespace": made({
        annotations: { "instrumentation.opentelemetry.io/inject-java": "team-b/java" },
      }),
      "a pod with the collector of another namespace": pod({
        ...place,
        annotations: { "sidecar.opentelemetry.io/inject": "team-b/collector" },
      }),
    }),
    ...refused(/of pods are not known to concern the pod alone: remove them, write them without a prefix, or ask/, {
      ...each(unknown, (key) => [`a Deployment with the unknown annotation ${key}`, made(annotated(key))]),
      "a StatefulSet with an unknown annotation": statefulSet(place, podSpec(), {}, annotated(unknown[0])),
      "a CronJob with an unknown annotation": cronJob(place, podSpec(), {}, { pods: annotated(unknown[0]) }),
      "a pod with an unknown annotation": pod({ ...place, ...annotated(unknown[0]) }),
    }),
    ...allowed({
      ...everyWorkload(place, "in a runtime that the stack lists", inClass("gvisor")),
      ...each(ordinary, (key) => [`a Deployment with the annotation ${key}`, made(annotated(key))]),
      "a Deployment with the seccomp profile of older charts": made({
        annotations: { "seccomp.security.alpha.kubernetes.io/pod": "runtime/default" },
      }),
      "a Deployment with an annotation that the stack lists": made(annotated("networking.gke.io/interfaces")),
      "a Deployment with an annotation of a prefix that the stack lists": made(annotated("example.com/owner")),
      "a Deployment with labels that charts write": made({
        labels: { app: "of-a-test", "app.kubernetes.io/name": "web" },
      }),
      "a Deployment that OpenTelemetry instruments from its own namespace": made({
        annotations: { "instrumentation.opentelemetry.io/inject-java": `${place.namespace}/java` },
      }),
      "a Deployment with the runtime's profile of AppArmor by an annotation": made({
        annotations: { [`${appArmor}/main`]: "runtime/default" },
      }),
      ...everyWorkload(place, "with a profile that the stack lists", profiles.listed),
      "a pod with an annotation of a prefix that the stack lists": pod({
        ...place,
        annotations: { "example.com/owner": "shop" },
      }),
    }),
  ];
}
