import { ingress } from "../../support/objects/network.js";
import { attacksOf, type DeclaredAttack, type Place } from "../attack.js";
import { creates } from "../attempts.js";
import { OWN_HOST } from "../tenant-objects.js";

const called = /an ingress controller may only call Services of this namespace: write the URL in/;
const named = /annotations must refer to objects of this namespace/;

/** An Ingress of the tenant's own host, with an annotation. */
function annotated(
  id: string,
  title: string,
  message: RegExp,
  key: string,
  value: (place: Place) => string,
): DeclaredAttack {
  return {
    id,
    title,
    stoppedBy: [{ control: "fleet-ingress-reach", message }],
    attempt: creates((place) => ingress({ ...place, annotations: { [key]: value(place) } }, [OWN_HOST])),
  };
}

/** Misuse of an ingress controller, past every network policy. */
export const ingressReach = attacksOf("crossing", [
  annotated(
    "controllers-configuration",
    "writes into the ingress controller's own configuration",
    /only the platform may configure an ingress controller: remove annotations/,
    "nginx.ingress.kubernetes.io/server-snippet",
    () => "server_name _;",
  ),
  annotated(
    "haproxy-configuration",
    "has HAProxy lead its requests to an address of the cluster",
    /only the platform may configure an ingress controller: remove annotations/,
    "haproxy-ingress.github.io/config-backend",
    () => "http-request set-dst ipv4(10.0.0.1)",
  ),
  annotated(
    "ingress-asks-neighbour",
    "has the ingress controller ask the neighbour's Service about every request",
    called,
    "nginx.ingress.kubernetes.io/auth-url",
    ({ neighbour }) => `http://web.${neighbour}.svc.cluster.local/`,
  ),
  annotated(
    "ingress-asks-own-host",
    "has the ingress controller call its own host, whose DNS record leads wherever the tenant likes",
    called,
    "nginx.ingress.kubernetes.io/auth-url",
    () => "https://$host/",
  ),
  {
    ...annotated(
      "ingress-mirrors-to-node",
      "has the ingress controller send each request to the cloud's metadata service too",
      called,
      "nginx.ingress.kubernetes.io/mirror-target",
      () => "http://169.254.169.254/latest/",
    ),
    category: "escape",
  },
  annotated(
    "ingress-uses-neighbours-certificate",
    "has the ingress controller show the neighbour's certificate to its own pods",
    named,
    "nginx.ingress.kubernetes.io/proxy-ssl-secret",
    ({ neighbour }) => `${neighbour}/tls`,
  ),
  annotated(
    "neighbours-middleware",
    "puts the neighbour's middleware before its own pods",
    named,
    "traefik.ingress.kubernetes.io/router.middlewares",
    ({ neighbour }) => `${neighbour}-auth@kubernetescrd`,
  ),
  annotated(
    "foreign-target-group",
    "leads a load balancer of AWS to another owner's target group",
    /an action must lead to a Service of this namespace/,
    "alb.ingress.kubernetes.io/actions.web",
    () => '{"type":"forward","targetGroupARN":"arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/theirs/1"}',
  ),
]);
