import { accountToken, configMap } from "../../support/objects/configuration.js";
import { service as serviceOf } from "../../support/objects/network.js";
import type { Fields } from "../../support/objects/object.js";
import {
  amounts,
  container,
  deployment,
  everyWorkload,
  pod,
  podSpec,
  volumeClaim,
} from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** A pod with an init container beside its own. */
const withInit = (fields: Fields) => podSpec({}, { initContainers: [container({ name: "first", ...fields })] });

/** Policy fleet-host-ports. */
export function hostPortCases(place: Place): Case[] {
  const port = (more: Fields = {}) => ({ ports: [{ containerPort: 8080, ...more }] });
  const onHost = port({ hostPort: 8080 });
  return [
    ...refused(/pods must not use ports of their node: remove hostPort and hostNetwork/, {
      ...everyWorkload(place, "with a host port", podSpec(onHost)),
      "a Deployment with a host port in an init container": deployment(place, withInit(onHost)),
      "a Deployment in the host's network": deployment(place, podSpec(port(), { hostNetwork: true })),
    }),
    ...allowed({
      ...everyWorkload(place, "with a port of its own", podSpec(port())),
      "a pod without ports": pod(place),
    }),
  ];
}

/** Policy fleet-priorities, with the classes that stacks allow by themselves. */
export function priorityCases(place: Place): Case[] {
  const of = (priorityClassName: string) => podSpec({}, { priorityClassName });
  return [
    ...refused(/pods must not preempt those of other tenants: remove priorityClassName, or set it to one of tenant-/, {
      ...everyWorkload(place, "of Kubernetes' own priority", of("system-cluster-critical")),
      "a Deployment of the nodes' priority": deployment(place, of("system-node-critical")),
      "a Deployment of another class": deployment(place, of("platform")),
    }),
    ...allowed({
      "a Deployment of the tenants' class": deployment(place, of("tenant-default")),
      "a pod without a class": pod(place),
    }),
  ];
}

/** Policy fleet-finalizers. */
export function finalizerCases(place: Place): Case[] {
  const finalizers = ["example.com/never"];
  const withFinalizers = (...finalizers: readonly string[]) => configMap({ ...place, finalizers });
  return [
    ...refused(/finalizers prevent the removal of an object and of its namespace/, {
      "a ConfigMap that stays": withFinalizers(...finalizers),
      "a ConfigMap that waits for Flux": withFinalizers("finalizers.fluxcd.io/of-a-test"),
      "a pod that stays": pod({ ...place, finalizers }),
      "a ConfigMap with the one of volume claims": withFinalizers("kubernetes.io/pvc-protection"),
    }),
    ...allowed({
      "a ConfigMap": configMap(place),
      "a ConfigMap with an empty list of finalizers": withFinalizers(),
      "a volume claim, on which Kubernetes puts one": volumeClaim(place),
    }),
  ];
}

const enough = { cpu: "100m", memory: "64Mi" };
const limited = (limits: Fields) => podSpec({ resources: { limits } });

/** The pod of a workload that declares nothing of what it takes. */
export const silent = podSpec({ resources: undefined });

/** Policy fleet-workload-resources, where a stack demands them. */
export function resourceCases(place: Place): Case[] {
  const message = /containers must declare limits: set resources\.limits\.cpu and resources\.limits\.memory/;
  return [
    ...refused(message, {
      ...everyWorkload(place, "that declares nothing", silent),
      "a Deployment with requests and no limits": deployment(place, podSpec({ resources: { requests: enough } })),
      "a Deployment without a limit of memory": deployment(place, limited({ cpu: "1" })),
      "a Deployment without a limit of CPU": deployment(place, limited({ memory: "64Mi" })),
      "a Deployment with an init container that declares nothing": deployment(place, withInit({ resources: {} })),
    }),
    ...zeroCases(place, message),
    ...diskCases(place),
    ...uncountedCases(place),
    ...allowed({
      ...everyWorkload(place, "with limits", limited(enough)),
      "a Deployment with an init container with limits": deployment(place, withInit({ resources: { limits: enough } })),
      "a Deployment with limits of the whole pod": deployment(
        place,
        podSpec({ resources: undefined }, { resources: { limits: enough } }),
      ),
      "a Deployment with limits in small units": deployment(place, limited({ cpu: "1m", memory: 1 })),
      "a pod that leaves it to the limit range": pod(place, silent),
    }),
  ];
}

/** Limits of disk, which a limit range sets by default. */
function diskCases(place: Place): Case[] {
  const disk = (amount: string) => limited({ ...enough, "ephemeral-storage": amount });
  return [
    ...refused(
      /a limit of zero is no limit: set resources\.limits\.ephemeral-storage above zero/,
      everyWorkload(place, "with no disk as limit", disk("0")),
    ),
    ...allowed(everyWorkload(place, "with a limit of disk", disk("2Gi"))),
  ];
}

/** A resource that no quota counts, unless a stack names it. */
export const gpu = "nvidia.com/gpu";

/** Resources that no quota counts. */
export function uncountedCases(place: Place): Case[] {
  const taking = (name: string, amount: string) => amounts({ ...enough, [name]: amount });
  const oneGpu = taking(gpu, "1");
  return refused(
    /containers may only use resources that a quota counts: remove requests and limits of anything but cpu, memory, /,
    {
      ...everyWorkload(place, "with a GPU", podSpec(oneGpu)),
      "a pod with a GPU": pod(place, podSpec(oneGpu)),
      "a pod with a GPU in an init container": pod(place, withInit(oneGpu)),
      "a pod with huge pages": pod(place, podSpec(taking("hugepages-2Mi", "64Mi"))),
    },
  );
}

/** Limits of zero, which the kubelet does not enforce, and quotas do not count. */
export function zeroCases(place: Place, message: RegExp): Case[] {
  const zero = (limits: Fields) => podSpec({ resources: { requests: { cpu: "0", memory: "0" }, limits } });
  return refused(message, {
    "a Deployment with no CPU as limit": deployment(place, zero({ cpu: 0, memory: "64Mi" })),
    "a Deployment with no memory as limit": deployment(place, zero({ cpu: "1", memory: "0Ki" })),
    "a pod with limits of zero": pod(place, zero({ cpu: "0", memory: "0" })),
  });
}

/** Policy fleet-platform-accounts. */
export function accountCases(place: Place): Case[] {
  const as = (fields: Fields) => podSpec({}, { automountServiceAccountToken: true, ...fields });
  const asReconciler = as({ serviceAccountName: "reconciler" });
  return [
    ...refused(/pods must not run as the platform's accounts \(reconciler, ci-robot\)/, {
      ...everyWorkload(place, "as the reconciler", asReconciler),
      "a pod as the reconciler": pod(place, asReconciler),
      "a Deployment as the reconciler, by the field's old name": deployment(
        place,
        as({ serviceAccount: "reconciler" }),
      ),
      "a Deployment as a robot of the platform": deployment(place, as({ serviceAccountName: "ci-robot" })),
    }),
    ...refused(
      /Secrets must not hold tokens of service accounts, because such tokens never expire: remove the Secret/,
      {
        "a token of the reconciler that lasts": accountToken(place, "reconciler"),
        "a token of a robot that lasts": accountToken(place, "ci-robot"),
        "a token of the tenant's own account that lasts": accountToken(place, "default"),
      },
    ),
    ...allowed({
      "a Deployment as an account of the tenant's": deployment(place, as({ serviceAccountName: "web-reconciler" })),
      "a Deployment as an account of the tenant's that a chart names like the platform": deployment(
        place,
        as({ serviceAccountName: "fleet-server" }),
      ),
      "a Deployment as no account in particular": deployment(place),
      "a Secret of another type that names the reconciler": { ...accountToken(place, "reconciler"), type: "Opaque" },
    }),
  ];
}

/** Policy fleet-exposed-services. */
export function serviceCases(place: Place): Case[] {
  const service = (spec: Fields = {}) => serviceOf(place, spec);
  const named = (externalName: string) => service({ type: "ExternalName", externalName });
  return [
    ...refused(/Services must be of the type ClusterIP: change spec\.type/, {
      "a Service with ports of every node": service({ type: "NodePort" }),
      "a Service with a load balancer": service({ type: "LoadBalancer" }),
      "a Service that is another tenant's by another name, which an ingress controller would reach":
        named("api.team-b.svc.cluster.local"),
      "a Service that is the ingress controller's own node": named("localhost"),
    }),
    ...refused(/Services must not have external IPs/, {
      "a Service that claims an address": service({ externalIPs: ["203.0.113.7"] }),
    }),
    ...refused(/Services must not choose their address, because others may still use it: remove spec\.clusterIP/, {
      "a Service at an address of its choice": service({ clusterIP: CHOSEN }),
      "a Service at an address of its choice, in both fields": service({ clusterIP: CHOSEN, clusterIPs: [CHOSEN] }),
      "a Service that hides its choice from the list of managed fields": {
        ...service({ clusterIP: CHOSEN }),
        metadata: { ...service().metadata, managedFields: [{}] },
      },
      "a Service that says that it chose something else": {
        ...service({ clusterIP: CHOSEN }),
        metadata: { ...service().metadata, managedFields: [ownsPorts] },
      },
    }),
    ...refused(/Services must not choose the address of their load balancer/, {
      "a Service with the address of a load balancer": service({ loadBalancerIP: "203.0.113.7" }),
    }),
    ...allowed({
      "a Service": service(),
      "a headless Service": service({ clusterIP: "None" }),
      "a Service with an empty address": service({ clusterIP: "" }),
      "a Service of both families of addresses": service({ ipFamilyPolicy: "PreferDualStack" }),
    }),
  ];
}

/** An address of Services that no Service has. */
const CHOSEN = "10.96.77.77";

/** A managed field, as a client can send one. */
const ownsPorts = {
  manager: "fleet",
  operation: "Update",
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:spec": { "f:ports": {} } },
};

/** Services with load balancers, where the stack allows that and lists these classes. */
export function balancerCases(place: Place, classes: readonly string[]): Case[] {
  const balancer = (spec: Fields) => serviceOf(place, { type: "LoadBalancer", ...spec });
  return [
    ...refused(/Services must not choose the address of their load balancer/, {
      "a load balancer at an address of its choice": balancer({ loadBalancerIP: "203.0.113.7" }),
    }),
    ...refused(/load balancers must be those that the platform offers: remove spec\.loadBalancerClass, or set it to/, {
      "a load balancer of another class": balancer({ loadBalancerClass: "tailscale" }),
    }),
    ...allowed({
      "a load balancer": balancer({}),
      ...each(classes, (loadBalancerClass) => [
        `a load balancer of the class ${loadBalancerClass}`,
        balancer({ loadBalancerClass }),
      ]),
    }),
  ];
}
