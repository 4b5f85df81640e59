import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { canary, ingress, ingressBackend, service } from "../../support/objects/network.js";
import { attacksOf, type DeclaredAttack, type Place } from "../attack.js";
import { creates } from "../attempts.js";
import { NEIGHBOURS_HOST, OWN_HOST } from "../tenant-objects.js";

const strange =
  /the hosts search\.example\.com are not in the tenant file, which lists \*\.shop\.example\.com, shop\.example\.com/;
const open = /an Ingress without hosts receives requests for other tenants' hosts/;

/** An Ingress, or something else, that only one policy knows to be wrong. */
function serving(
  id: string,
  title: string,
  message: RegExp,
  object: (place: Place) => KubernetesObject,
): DeclaredAttack {
  return {
    id,
    title,
    stoppedBy: [{ control: "fleet-hosts", message }],
    attempt: creates(object),
  };
}

/** Requests that are meant for others, got by the name that they are sent to. */
export const hosts = attacksOf("crossing", [
  serving("neighbours-host", "serves the neighbour's host by an Ingress", strange, (place) =>
    ingress(place, [OWN_HOST, NEIGHBOURS_HOST]),
  ),
  {
    id: "neighbours-host-pushed",
    title: "pushes an Ingress that serves the neighbour's host",
    by: "push",
    stoppedBy: [{ control: "fleet-hosts", message: strange }],
    attempt: (place) => ({
      kind: "push",
      object: ingress({ ...place, name: "neighbours-host-pushed" }, [NEIGHBOURS_HOST]),
    }),
  },
  serving("neighbours-certificate", "has its Ingress serve the neighbour's host with a certificate", strange, (place) =>
    ingress(place, [OWN_HOST], { tls: [{ hosts: [OWN_HOST, NEIGHBOURS_HOST], secretName: "tls" }] }),
  ),
  serving("every-host", "serves every host that no one else has, by an Ingress without a host", open, (place) =>
    ingress(place, [undefined]),
  ),
  serving("default-backend", "receives every request that matches no Ingress", open, (place) =>
    ingress(place, [OWN_HOST], { defaultBackend: ingressBackend }),
  ),
  serving("neighbours-host-alias", "serves the neighbour's host by an annotation of ingress-nginx", strange, (place) =>
    ingress({ ...place, annotations: { "nginx.ingress.kubernetes.io/server-alias": NEIGHBOURS_HOST } }, [OWN_HOST]),
  ),
  serving(
    "neighbours-name",
    "leads the neighbour's host to its own pods, by a Service for external-dns",
    strange,
    (place) =>
      service(
        { ...place, annotations: { "external-dns.alpha.kubernetes.io/hostname": NEIGHBOURS_HOST } },
        { clusterIP: "None" },
      ),
  ),
  serving("neighbours-host-by-canary", "has Flagger make a route of the neighbour's host", strange, (place) =>
    canary(place, { service: { port: 80, hosts: [NEIGHBOURS_HOST] } }),
  ),
]);
