import { ingress, ingressBackend, route } from "../../support/objects/network.js";
import { attacksOf, type DeclaredAttack, type Place } from "../attack.js";
import { creates } from "../attempts.js";
import { NEIGHBOURS_HOST, OWN_HOST } from "../tenant-objects.js";

const called = /an ingress controller may only call Services of this namespace: write the URL in/;
const named = /annotations must refer to objects of this namespace/;
const unknown = /are not known to concern this tenant only: remove them, or ask the platform team to set/;

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
    unknown,
    "nginx.ingress.kubernetes.io/server-snippet",
    () => "server_name _;",
  ),
  annotated(
    "haproxy-configuration",
    "has HAProxy lead its requests to an address of the cluster",
    unknown,
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
    "tab-before-neighbour",
    "hides the neighbour's name behind a tab, in a list of nginx's policies",
    named,
    "nginx.org/policies",
    ({ neighbour }) => `limits,\t${neighbour}/limits`,
  ),
  annotated(
    "ingress-value-configures",
    "ends a directive of nginx in the value of an annotation, and writes another",
    /the values of nginx\.ingress\.kubernetes\.io\/rewrite-target must be plain/,
    "nginx.ingress.kubernetes.io/rewrite-target",
    () => "/; proxy_pass http://10.0.0.1",
  ),
  annotated(
    "joins-load-balancer",
    "joins the neighbour's load balancer at AWS, with rules before the neighbour's",
    unknown,
    "alb.ingress.kubernetes.io/group.name",
    ({ neighbour }) => neighbour,
  ),
  annotated(
    "certificate-for-neighbours-identity",
    "has cert-manager issue a certificate for the neighbour's identity in a mesh",
    unknown,
    "cert-manager.io/uri-sans",
    ({ neighbour }) => `spiffe://cluster.local/ns/${neighbour}/sa/web`,
  ),
  {
    ...annotated(
      "haproxy-asks-metadata",
      "has HAProxy ask the cloud's metadata service whether a pod is well",
      unknown,
      "haproxy-ingress.github.io/agent-check-addr",
      () => "169.254.169.254",
    ),
    category: "escape",
  },
  annotated(
    "foreign-target-group",
    "leads a load balancer of AWS to another owner's target group",
    /an action must lead to a Service of this namespace/,
    "alb.ingress.kubernetes.io/actions.web",
    () => '{"type":"forward","targetGroupARN":"arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/theirs/1"}',
  ),
]);

const wholeSite = { path: "/", pathType: "Prefix" };
const internal = { resource: { apiGroup: "traefik.io", kind: "TraefikService", name: "api@internal" } };

/** Backends that are the controller's own. Those of routes have the same rule in test/e2e/admission/ingress-reach-cases.ts. */
export const backendAttacks = attacksOf("crossing", [
  {
    id: "controllers-own-api",
    title: "leads its host to Traefik's own API, which shows the routes of all tenants",
    stoppedBy: [{ control: "fleet-ingress-reach", message: /backends must be Services, because other kinds lead/ }],
    attempt: creates((place) =>
      ingress(place, [], { rules: [{ host: OWN_HOST, http: { paths: [{ ...wholeSite, backend: internal }] } }] }),
    ),
  },
]);

/** The end of a text in a rule of Traefik, and another host. */
const traefiksEnd = `/\`) || Host(\`${NEIGHBOURS_HOST}`;

/** Texts that a controller copies into a configuration that all tenants share. */
export const pathAttacks = attacksOf("crossing", [
  {
    id: "path-with-neighbours-host",
    title: "ends the path of its Ingress with a backtick, and adds the neighbour's host to Traefik's rule",
    stoppedBy: [{ control: "fleet-paths", message: /paths must be plain/ }],
    attempt: creates((place) =>
      ingress(place, [], {
        rules: [
          {
            host: OWN_HOST,
            http: { paths: [{ path: traefiksEnd, pathType: "Prefix", backend: ingressBackend }] },
          },
        ],
      }),
    ),
  },
  {
    id: "path-configures-nginx",
    title: "ends a location of nginx in the path of its Ingress, and begins another one",
    stoppedBy: [{ control: "fleet-paths", message: /paths must be plain/ }],
    attempt: creates((place) =>
      ingress(place, [], {
        rules: [
          {
            host: OWN_HOST,
            http: {
              paths: [
                {
                  path: "/ { proxy_pass http://10.0.0.1; } location /a",
                  pathType: "ImplementationSpecific",
                  backend: ingressBackend,
                },
              ],
            },
          },
        ],
      }),
    ),
  },
  {
    id: "match-with-neighbours-host",
    title: "ends a header of its HTTPRoute with a backtick, and adds the neighbour's host to Traefik's rule",
    stoppedBy: [{ control: "fleet-paths", message: /matches must be plain/ }],
    attempt: creates((place) =>
      route("HTTPRoute", place, {
        hostnames: [OWN_HOST],
        rules: [{ matches: [{ headers: [{ name: "X-A", value: traefiksEnd }] }] }],
      }),
    ),
  },
]);
