import { restrictedPod } from "../support/workloads.js";
import { type Case, objectOf, type Place, type Spec } from "./cases.js";

/** Policy fleet-host-ports. */
export function hostPortCases(place: Place): Case[] {
  const pod = (port: object, more: object = {}) => ({
    ...restrictedPod,
    ...more,
    containers: restrictedPod.containers.map((container) => ({ ...container, ports: [port] })),
  });
  const labels = { app: "of-a-test" };
  const template = (spec: object) => ({ metadata: { labels }, spec });
  const workload = (kind: string, spec: object, more: Spec = {}) =>
    objectOf(place, "apps/v1", kind, { selector: { matchLabels: labels }, template: template(spec), ...more });
  const onHost = pod({ containerPort: 8080, hostPort: 8080 });
  const inPod = pod({ containerPort: 8080 });
  const job = (spec: object) => ({ template: template({ ...spec, restartPolicy: "Never" }) });
  const refused = /pods must not take ports of their node: remove hostPort and hostNetwork/;
  const first = { ...inPod, initContainers: onHost.containers.map((container) => ({ ...container, name: "first" })) };
  return [
    { title: "a Deployment with a host port", object: workload("Deployment", onHost), refused },
    { title: "a Deployment with a host port in an init container", object: workload("Deployment", first), refused },
    {
      title: "a Deployment in the host's network",
      object: workload("Deployment", { ...inPod, hostNetwork: true }),
      refused,
    },
    { title: "a StatefulSet with a host port", object: workload("StatefulSet", onHost, { serviceName: "x" }), refused },
    { title: "a DaemonSet with a host port", object: workload("DaemonSet", onHost), refused },
    { title: "a Job with a host port", object: objectOf(place, "batch/v1", "Job", job(onHost)), refused },
    {
      title: "a CronJob with a host port",
      object: objectOf(place, "batch/v1", "CronJob", { schedule: "0 * * * *", jobTemplate: { spec: job(onHost) } }),
      refused,
    },
    { title: "a Deployment with a port of its own", object: workload("Deployment", inPod) },
    { title: "a pod without ports", object: objectOf(place, "v1", "Pod", restrictedPod) },
    { title: "a Job", object: objectOf(place, "batch/v1", "Job", job(inPod)) },
    {
      title: "a CronJob",
      object: objectOf(place, "batch/v1", "CronJob", { schedule: "0 * * * *", jobTemplate: { spec: job(inPod) } }),
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
      refused: /Services must not claim addresses/,
    },
    { title: "a Service", object: service({}) },
    { title: "a headless Service", object: service({ clusterIP: "None" }) },
  ];
}
