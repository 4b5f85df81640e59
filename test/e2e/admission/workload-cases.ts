import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Case, objectOf, type Place, type Spec } from "./cases.js";
import { deploymentOf, everyPodKind, onePod, podOf } from "./pod-kinds.js";

/** Policy fleet-host-ports. */
export function hostPortCases(place: Place): Case[] {
  const port = (more: object) => ({ ports: [{ containerPort: 8080, ...more }] });
  const onHost = podOf(port({ hostPort: 8080 }));
  const inPod = podOf(port({}));
  const refused = /pods must not use ports of their node: remove hostPort and hostNetwork/;
  const first = podOf({}, { initContainers: [{ ...onHost.containers[0], name: "first" }] });
  return [
    ...everyPodKind(place, onHost).map(([kind, object]) => ({ title: `${kind} with a host port`, object, refused })),
    { title: "a Deployment with a host port in an init container", object: deploymentOf(place, first), refused },
    {
      title: "a Deployment in the host's network",
      object: deploymentOf(place, podOf(port({}), { hostNetwork: true })),
      refused,
    },
    ...everyPodKind(place, inPod).map(([kind, object]) => ({ title: `${kind} with a port of its own`, object })),
    { title: "a pod without ports", object: onePod(place, podOf({})) },
  ];
}

/** Policy fleet-priorities, with the classes that stacks allow by themselves. */
export function priorityCases(place: Place): Case[] {
  const refused = /pods must not preempt those of other tenants: remove priorityClassName, or set it to one of tenant-/;
  const of = (priorityClassName: string) => podOf({}, { priorityClassName });
  return [
    ...everyPodKind(place, of("system-cluster-critical")).map(([kind, object]) => ({
      title: `${kind} of Kubernetes' own priority`,
      object,
      refused,
    })),
    { title: "a Deployment of the nodes' priority", object: deploymentOf(place, of("system-node-critical")), refused },
    { title: "a Deployment of another class", object: deploymentOf(place, of("platform")), refused },
    { title: "a Deployment of the tenants' class", object: deploymentOf(place, of("tenant-default")) },
    { title: "a pod without a class", object: onePod(place, podOf({})) },
  ];
}

/** Policy fleet-finalizers. */
export function finalizerCases(place: Place): Case[] {
  const refused = /finalizers prevent the removal of an object and of its namespace/;
  const withFinalizers = (object: KubernetesObject, ...finalizers: readonly string[]): KubernetesObject => ({
    ...object,
    metadata: { ...object.metadata, finalizers } as KubernetesObject["metadata"],
  });
  const protection = "kubernetes.io/pvc-protection";
  const claim = objectOf(place, "v1", "PersistentVolumeClaim", {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
  });
  const configMap = objectOf(place, "v1", "ConfigMap", {});
  const { spec: _spec, ...plain } = configMap;
  return [
    { title: "a ConfigMap that stays", object: withFinalizers(plain, "example.com/never"), refused },
    {
      title: "a ConfigMap that waits for Flux",
      object: withFinalizers(plain, "finalizers.fluxcd.io/of-a-test"),
      refused,
    },
    { title: "a pod that stays", object: withFinalizers(onePod(place, podOf({})), "example.com/never"), refused },
    { title: "a ConfigMap", object: plain },
    { title: "a ConfigMap with an empty list of finalizers", object: withFinalizers(plain) },
    { title: "a volume claim, on which Kubernetes puts one", object: claim },
    { title: "a ConfigMap with the one of volume claims", object: withFinalizers(plain, protection), refused },
  ];
}

const enough = { cpu: "100m", memory: "64Mi" };

/** Policy fleet-workload-resources, where a stack demands them. */
export function resourceCases(place: Place): Case[] {
  const refused = /containers must declare limits: set resources\.limits\.cpu and resources\.limits\.memory/;
  const limited = (limits: object) => podOf({ resources: { limits } });
  const first = (resources: object) =>
    podOf({}, { initContainers: [{ ...podOf({}).containers[0], name: "first", resources }] });
  return [
    ...everyPodKind(place, podOf({ resources: undefined })).map(([kind, object]) => ({
      title: `${kind} that declares nothing`,
      object,
      refused,
    })),
    {
      title: "a Deployment with requests and no limits",
      object: deploymentOf(place, podOf({ resources: { requests: enough } })),
      refused,
    },
    {
      title: "a Deployment without a limit of memory",
      object: deploymentOf(place, limited({ cpu: "1" })),
      refused,
    },
    {
      title: "a Deployment without a limit of CPU",
      object: deploymentOf(place, limited({ memory: "64Mi" })),
      refused,
    },
    {
      title: "a Deployment with an init container that declares nothing",
      object: deploymentOf(place, first({})),
      refused,
    },
    ...zeroCases(place, refused),
    ...diskCases(place),
    ...uncountedCases(place),
    ...everyPodKind(place, limited(enough)).map(([kind, object]) => ({ title: `${kind} with limits`, object })),
    {
      title: "a Deployment with an init container with limits",
      object: deploymentOf(place, first({ limits: enough })),
    },
    {
      title: "a Deployment with limits of the whole pod",
      object: deploymentOf(place, podOf({ resources: undefined }, { resources: { limits: enough } })),
    },
    {
      title: "a Deployment with limits in small units",
      object: deploymentOf(place, limited({ cpu: "1m", memory: 1 })),
    },
    { title: "a pod that leaves it to the limit range", object: onePod(place, podOf({ resources: undefined })) },
  ];
}

/** Disk, which a limit range gives to whoever does not ask. */
function diskCases(place: Place): Case[] {
  const disk = (amount: string) => podOf({ resources: { limits: { ...enough, "ephemeral-storage": amount } } });
  const refused = /a limit of zero is no limit: set resources\.limits\.ephemeral-storage above zero/;
  return [
    ...everyPodKind(place, disk("0")).map(([kind, object]) => ({
      title: `${kind} with no disk as limit`,
      object,
      refused,
    })),
    ...everyPodKind(place, disk("2Gi")).map(([kind, object]) => ({ title: `${kind} with a limit of disk`, object })),
  ];
}

/** A container that asks for a GPU, and what a stack must know of it. */
export const gpu = "nvidia.com/gpu";

/** What no quota counts. */
export function uncountedCases(place: Place): Case[] {
  const refused =
    /containers may only use resources that a quota counts: remove requests and limits of anything but cpu, memory, /;
  const taking = (name: string, amount: string) => {
    const amounts = { ...enough, [name]: amount };
    return podOf({ resources: { requests: amounts, limits: amounts } });
  };
  const first = { ...taking(gpu, "1").containers[0], name: "first" };
  return [
    ...everyPodKind(place, taking(gpu, "1")).map(([kind, object]) => ({
      title: `${kind} with a GPU`,
      object,
      refused,
    })),
    { title: "a pod with a GPU", object: onePod(place, taking(gpu, "1")), refused },
    {
      title: "a pod with a GPU in an init container",
      object: onePod(place, podOf({}, { initContainers: [first] })),
      refused,
    },
    { title: "a pod with huge pages", object: onePod(place, taking("hugepages-2Mi", "64Mi")), refused },
  ];
}

/** Limits that are none: what the kubelet does not enforce, and quotas count as nothing. */
export function zeroCases(place: Place, refused: RegExp): Case[] {
  const zero = (limits: object) => podOf({ resources: { requests: { cpu: "0", memory: "0" }, limits } });
  return [
    {
      title: "a Deployment with no CPU as limit",
      object: deploymentOf(place, zero({ cpu: 0, memory: "64Mi" })),
      refused,
    },
    {
      title: "a Deployment with no memory as limit",
      object: deploymentOf(place, zero({ cpu: "1", memory: "0Ki" })),
      refused,
    },
    { title: "a pod with limits of zero", object: onePod(place, zero({ cpu: "0", memory: "0" })), refused },
  ];
}

/** Policy fleet-platform-accounts. */
export function accountCases(place: Place): Case[] {
  const as = (fields: object) => podOf({}, { automountServiceAccountToken: true, ...fields });
  const refused = /pods must not run as the platform's accounts \(reconciler, ci-robot, fleet-\*\)/;
  const kept = /the platform's accounts \(reconciler, ci-robot, fleet-\*\) must not have long-lived tokens/;
  const token = (account: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "of-a-test",
      namespace: place.namespace,
      annotations: { "kubernetes.io/service-account.name": account },
    },
    type: "kubernetes.io/service-account-token",
  });
  return [
    ...everyPodKind(place, as({ serviceAccountName: "reconciler" })).map(([kind, object]) => ({
      title: `${kind} as the reconciler`,
      object,
      refused,
    })),
    { title: "a pod as the reconciler", object: onePod(place, as({ serviceAccountName: "reconciler" })), refused },
    {
      title: "a Deployment as the reconciler, by the field's old name",
      object: deploymentOf(place, as({ serviceAccount: "reconciler" })),
      refused,
    },
    {
      title: "a Deployment as a robot of the platform",
      object: deploymentOf(place, as({ serviceAccountName: "fleet-robot" })),
      refused,
    },
    { title: "a token of the reconciler that lasts", object: token("reconciler"), refused: kept },
    { title: "a token of a robot that lasts", object: token("fleet-robot"), refused: kept },
    {
      title: "a Deployment as an account of the tenant's",
      object: deploymentOf(place, as({ serviceAccountName: "web-reconciler" })),
    },
    { title: "a Deployment as no account in particular", object: deploymentOf(place, podOf({})) },
    { title: "a token of the tenant's own account", object: token("default") },
    {
      title: "a Secret of another type that names the reconciler",
      object: { ...token("reconciler"), type: "Opaque" },
    },
  ];
}

/** Policy fleet-exposed-services. */
export function serviceCases(place: Place): Case[] {
  const ports = [{ port: 80 }];
  const service = (spec: Spec) => objectOf(place, "v1", "Service", { ports, ...spec });
  const typed = /Services must be of the type ClusterIP: change spec\.type/;
  return [
    { title: "a Service with ports of every node", object: service({ type: "NodePort" }), refused: typed },
    { title: "a Service with a load balancer", object: service({ type: "LoadBalancer" }), refused: typed },
    {
      title: "a Service that is another tenant's by another name, which an ingress controller would reach",
      object: service({ type: "ExternalName", externalName: "api.team-b.svc.cluster.local" }),
      refused: typed,
    },
    {
      title: "a Service that is the ingress controller's own node",
      object: service({ type: "ExternalName", externalName: "localhost" }),
      refused: typed,
    },
    {
      title: "a Service that claims an address",
      object: service({ externalIPs: ["203.0.113.7"] }),
      refused: /Services must not have external IPs/,
    },
    { title: "a Service", object: service({}) },
    { title: "a headless Service", object: service({ clusterIP: "None" }) },
  ];
}
