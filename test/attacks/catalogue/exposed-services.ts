import { service } from "../../support/objects/network.js";
import { attacksOf } from "../attack.js";
import { creates } from "../attempts.js";

const exposed = (message: RegExp) => ({ control: "fleet-exposed-services", message }) as const;
const typed = exposed(/Services must be of the type ClusterIP: change spec\.type/);

/** The node, or the network around it, by a Service. */
export const exposedServices = attacksOf("escape", [
  {
    id: "node-port",
    title: "opens a port of every node by a Service",
    benchmark: "node-port",
    stoppedBy: [typed, { control: "quota", message: /exceeded quota: tenant, .*services\.nodeports=1/ }],
    attempt: creates((place) => service(place, { type: "NodePort" })),
  },
  {
    id: "load-balancer",
    title: "creates a load balancer by a Service",
    stoppedBy: [typed, { control: "quota", message: /exceeded quota: tenant, .*services\.loadbalancers=1/ }],
    attempt: creates((place) => service(place, { type: "LoadBalancer" })),
  },
  {
    id: "external-address",
    title: "takes the traffic of an address by a Service",
    stoppedBy: [exposed(/Services must not have external IPs/)],
    attempt: creates((place) => service(place, { externalIPs: ["203.0.113.7"] })),
  },
  {
    id: "service-address",
    title: "makes a Service at an address that another Service had, to which its clients still connect",
    category: "crossing",
    stoppedBy: [exposed(/Services must not choose their address, because others may still use it/)],
    attempt: creates((place) => service(place, { clusterIP: "10.96.77.77" })),
  },
  {
    id: "load-balancers-address",
    title: "makes a Service with the address of another's load balancer",
    category: "crossing",
    stoppedBy: [exposed(/Services must not choose the address of their load balancer/)],
    attempt: creates((place) => service(place, { loadBalancerIP: "203.0.113.7" })),
  },
  {
    id: "external-name",
    title: "makes a Service that names the ingress controller's own node, as the backend of an Ingress",
    stoppedBy: [typed],
    attempt: creates((place) => service(place, { type: "ExternalName", externalName: "localhost" })),
  },
]);
