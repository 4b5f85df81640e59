import type { Attack, Place } from "../attack.js";
import { ingressOf, NEIGHBOURS_HOST, OWN_HOST, own } from "../objects.js";
import { create } from "../request.js";

const category = "crossing";
const strange =
  /the hosts search\.example\.com are not in the tenant file, which lists \*\.shop\.example\.com, shop\.example\.com/;
const open = /an Ingress without hosts receives requests for other tenants' hosts/;

/** An Ingress, or something else, that only one policy knows to be wrong. */
function serving(id: string, title: string, message: RegExp, object: (place: Place) => ReturnType<typeof own>): Attack {
  return {
    id,
    title,
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-hosts", message }],
    attempt: (place) => ({ kind: "request", request: create(object(place)) }),
  };
}

/** Requests that are meant for others, got by the name that they are sent to. */
export const hosts: readonly Attack[] = [
  serving("neighbours-host", "serves the neighbour's host by an Ingress", strange, (place) =>
    ingressOf(place, [OWN_HOST, NEIGHBOURS_HOST]),
  ),
  {
    id: "neighbours-host-pushed",
    title: "pushes an Ingress that serves the neighbour's host",
    category,
    by: "push",
    stoppedBy: [{ control: "fleet-hosts", message: strange }],
    attempt: (place) => ({
      kind: "push",
      object: ingressOf(place, [NEIGHBOURS_HOST], { name: "neighbours-host-pushed" }),
    }),
  },
  serving("neighbours-certificate", "has its Ingress serve the neighbour's host with a certificate", strange, (place) =>
    ingressOf(place, [OWN_HOST], { spec: { tls: [{ hosts: [OWN_HOST, NEIGHBOURS_HOST], secretName: "tls" }] } }),
  ),
  serving("every-host", "serves every host that nobody else has, by an Ingress without one", open, (place) =>
    ingressOf(place, [undefined]),
  ),
  serving("default-backend", "gets every request that no Ingress wants", open, (place) =>
    ingressOf(place, [OWN_HOST], { spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } } }),
  ),
  serving("neighbours-host-alias", "serves the neighbour's host by an annotation of ingress-nginx", strange, (place) =>
    ingressOf(place, [OWN_HOST], { annotations: { "nginx.ingress.kubernetes.io/server-alias": NEIGHBOURS_HOST } }),
  ),
  serving(
    "neighbours-name",
    "has the neighbour's host lead to its own pods, by a Service for external-dns",
    strange,
    (place) => {
      const service = own(place, "v1", "Service", { spec: { clusterIP: "None", ports: [{ port: 80 }] } });
      const annotations = { "external-dns.alpha.kubernetes.io/hostname": NEIGHBOURS_HOST };
      return { ...service, metadata: { ...service.metadata, annotations } };
    },
  ),
  serving("neighbours-host-by-canary", "has Flagger make a route of the neighbour's host", strange, (place) =>
    own(place, "flagger.app/v1beta1", "Canary", {
      spec: {
        targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        service: { port: 80, hosts: [NEIGHBOURS_HOST] },
      },
    }),
  ),
];
