import { HOSTS_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";
import { ingressKinds, kinds } from "../kinds.js";
import { annotations, cel, celString, keyMatches, specOrAnnotationsChange } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";

/**
 * Annotations by which a controller serves further hosts, or creates DNS records or certificates for them; separated by
 * commas or spaces. The pattern allows any prefix where a controller's prefix is configurable.
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#server-alias
 * @see https://haproxy-ingress.github.io/docs/configuration/keys/#server-alias
 * @see https://developer.konghq.com/kubernetes-ingress-controller/reference/annotations/
 * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/
 * @see https://cert-manager.io/docs/usage/ingress/#supported-annotations
 */
const hostAnnotations = [
  "(^|/)(server-alias|host-alias|host-aliases|redirect-from)$",
  "^external-dns\\.[^/]*/(internal-)?hostname$",
  "^cert-manager\\.io/(common-name|alt-names)$",
].join("|");

/**
 * Annotations whose hosts cannot be listed: patterns, and conditions beside the host of the rule. `ingressReach`
 * refuses annotations with parts of a controller's own configuration.
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#conditions
 */
const patternAnnotations = [
  "(^|/)(server-alias-regex|host-alias-regex|redirect-from-regex)$",
  "^alb\\.ingress\\.kubernetes\\.io/conditions\\.",
].join("|");

/** The annotation that serves `shop.example.com` at `www.shop.example.com` too, and the reverse. */
const wwwRedirect = "(^|/)from-to-www-redirect$";
/** A host as the API server accepts it; a controller's own forms, regular expressions for instance, do not match. */
const dnsName = "^([*]\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

/** `variables.listed`: the hosts of the tenant file. */
export const listedHosts = `namespaceObject.metadata.?annotations[?'${HOSTS_ANNOTATION}'].orValue('').split(',')`;

/** CEL that is true when a host, `host`, is one of the tenant file; needs `variables.listed`. */
export const isListed = cel`
  host.matches(${celString(dnsName)})
  && variables.listed.exists(one, host == one || (one.startsWith('*.') && host.endsWith(one.substring(1))))
`;

/**
 * The policy on hosts that a tenant serves: those of its file, which its namespaces carry as an annotation. Without it
 * the first tenant to claim a host gets it, or a controller's own order decides: a tenant could receive another's
 * requests with their cookies. A rule without a host receives the requests of all unclaimed hosts. Hosts are named in
 * rules, in certificates, in annotations of the popular controllers (on Services as well), and in Flagger's Canaries,
 * from which it creates routes. A wildcard stands for every name below it, see `covers`.
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards
 * @see https://gateway-api.sigs.k8s.io/concepts/hostnames
 */
export const hosts: PolicyDefinition = {
  name: "fleet-hosts",
  resourceRules: createOrUpdate(...ingressKinds, kinds("flagger.app", "canaries")),
  matchConditions: specOrAnnotationsChange,
  variables: {
    listed: listedHosts,
    annotations,
    ingress: "request.resource.resource == 'ingresses'",
    route: "request.resource.group == 'gateway.networking.k8s.io'",
    rules: "variables.ingress ? object.spec.?rules.orValue([]) : []",
    tls: "variables.ingress ? object.spec.?tls.orValue([]) : []",
    hostnames: "variables.route ? object.spec.?hostnames.orValue([]) : []",
    // A mesh route between Services of the namespace receives no traffic from outside.
    inside: cel`
      variables.route
      && object.spec.?parentRefs.orValue([]).size() > 0
      && object.spec.parentRefs.all(
        parent,
        parent.?group.orValue('gateway.networking.k8s.io') == ''
        && parent.?kind.orValue('') == 'Service'
        && parent.?namespace.orValue(request.namespace) == request.namespace
      )
    `,
    hosts: "variables.rules.map(rule, rule.?host.orValue('')).filter(host, host != '')",
    // Every text of the object that holds hosts.
    named: cel`
      variables.hosts
      + variables.hostnames
      + object.spec.?service.?hosts.orValue([])
      + variables.tls.map(one, one.?hosts.orValue([]).join(','))
      + variables.annotations.map(key, ${keyMatches(hostAnnotations)} ? variables.annotations[key] : '')
      + (
        variables.annotations.exists(key, ${keyMatches(wwwRedirect)} && variables.annotations[key] != 'false')
        ? variables.hosts.map(host, host.startsWith('www.') ? host.substring(4) : 'www.' + host)
        : []
      )
    `,
    // The hosts that are not the tenant's.
    strange: cel`
      variables.named
        .join(',')
        .replace(' ', ',')
        .split(',')
        .filter(host, host != '')
        .map(host, host.lowerAscii())
        .filter(host, !(${isListed}))
    `,
  },
  validations: [
    {
      expression: cel`
        !variables.ingress
        || (
          !has(object.spec.defaultBackend)
          && variables.hosts.size() == variables.rules.size()
          && variables.tls.all(one, one.?hosts.orValue([]).size() > 0)
        )
      `,
      message:
        "an Ingress without hosts receives requests for other tenants' hosts: remove spec.defaultBackend, and set spec.rules[].host and spec.tls[].hosts to hosts of the tenant file (hosts)",
    },
    {
      expression: "!variables.route || variables.hostnames.size() > 0 || variables.inside",
      message:
        "a route without hosts receives requests for other tenants' hosts: set spec.hostnames to hosts of the tenant file (hosts)",
    },
    {
      expression: "variables.strange.size() == 0",
      message:
        "hosts must be in the tenant file, also those in annotations: change them, or ask the platform team to add them (hosts)",
      messageExpression: cel`
        'the hosts ' + variables.strange.join(', ') + ' are not in the tenant file, which lists '
        + (variables.listed.join('') == '' ? 'none' : variables.listed.join(', '))
        + ': change them, or ask the platform team to add them (hosts)'
      `,
    },
    {
      expression: `variables.annotations.all(key, !${keyMatches(patternAnnotations)})`,
      message: "hosts must be written in full: remove annotations with patterns or conditions (*-regex, conditions.*)",
    },
  ],
};
