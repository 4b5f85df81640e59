import { ingressKinds } from "../kinds.js";
import { annotations, cel, celString, keyMatches, specOrAnnotationsChange } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition, type Validation } from "./cel/policy.js";

/**
 * Annotations that hold a part of a controller's own configuration.
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/
 * @see https://haproxy-ingress.github.io/docs/configuration/keys/#configuration-snippet
 * @see https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/annotations.md
 * @see https://opensource.zalando.com/skipper/kubernetes/ingress-usage/
 */
const snippets = [
  "(^|/)[^/]*-snippets?$",
  "(^|/)config-(backend|defaults|frontend|global|http|peers|proxy|sections|sni|tcp)[^/]*$",
  "(^|/)(route-acl|tcp-service-port)$",
  "^getambassador\\.io/config$",
  "^zalando\\.org/skipper-",
].join("|");

/** Annotations whose URL the controller itself requests, with any prefix, because prefixes are configurable. */
const urlAnnotations = "(^|/)(auth-url|auth-uri|mirror-target)$";
/** Annotations of ingress controllers, by the common parts of their prefixes. */
const controllerAnnotations = "^[^/]*(ingress|nginx|haproxy|traefik|kong|apisix|skipper|contour|appprotect)[^/]*/";
/** Those of {@link controllerAnnotations} whose URL is for the browser only. */
const browserAnnotations = "(redirect|signin|signout|error-page|cors-|header)";

/** Annotations that name Secrets, ConfigMaps and the like, often as `NAMESPACE/NAME`; with any prefix. */
const referenceAnnotations =
  "(^|/)([^/]*-)?(secret|secrets|configmap|certificate|set-headers|custom-headers|policies|cr-backend|server-ca|server-crt|client-ca)$";

/**
 * The sign of an action that leads to any target group, also if it is hidden by an escape.
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions
 */
const targetGroup = "(?i)targetgroup(arn|name)|\\\\u";
const absoluteUrl = "^[ ]*[a-zA-Z][-a-zA-Z0-9+.]*://";
const namespacedName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9][-a-z0-9.]*$";

/**
 * The policy on annotations of Ingresses, routes and Services that lead an ingress controller to places that the
 * tenant's own pods cannot reach. The controller connects with its own network rights and its own right to read
 * Secrets: past the network policies of the target, and with other tenants' certificates.
 *
 * So a URL that it requests must be a Service of this namespace by its full name, because the tenant's own hosts lead
 * wherever their DNS record does. Objects that it reads must be in this namespace. Routes of Gateway API name other
 * namespaces in fields; there the target must agree by a ReferenceGrant, which tenants' role cannot create.
 * @see https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
export function ingressReach(clusterDomain: string): PolicyDefinition {
  return {
    name: "fleet-ingress-reach",
    resourceRules: createOrUpdate(...ingressKinds),
    matchConditions: specOrAnnotationsChange,
    variables: {
      annotations,
      ownService: `${celString(serviceUrl(clusterDomain))}.replace('NAMESPACE', request.namespace)`,
      calling,
      references,
    },
    validations: [
      {
        expression: `variables.annotations.all(key, !${keyMatches(snippets)})`,
        message:
          "only the platform may configure an ingress controller: remove annotations with parts of its configuration (*-snippet, config-*, route-acl, tcp-service-port, skipper-*)",
      },
      {
        expression: cel`
          variables.calling.all(
            key,
            variables.annotations[key] == '' || variables.annotations[key].matches(variables.ownService)
          )
        `,
        message: `an ingress controller may only call Services of this namespace: write the URL as http://SERVICE.NAMESPACE.svc.${clusterDomain}, or remove the annotation`,
        messageExpression: cel`
          'an ingress controller may only call Services of this namespace: write the URL in '
          + variables.calling.join(', ') + ' as http://SERVICE.' + request.namespace
          + '.svc.${clusterDomain}, or remove the annotation'
        `,
      },
      ...others,
    ],
  };
}

/** The annotations whose URL the controller requests. */
const calling = cel`
  variables.annotations.filter(
    key,
    ${keyMatches(urlAnnotations)}
    || (
      ${keyMatches(controllerAnnotations)}
      && !${keyMatches(browserAnnotations)}
      && variables.annotations[key].matches('${absoluteUrl}')
    )
  )
`;

/** Every `NAMESPACE/NAME` in an annotation. */
const references = cel`
  variables.annotations.filter(key, ${keyMatches(referenceAnnotations)} || ${keyMatches(controllerAnnotations)})
    .map(key, variables.annotations[key])
    .join(',')
    .replace(' ', ',')
    .split(',')
    .filter(text, text.matches('${namespacedName}'))
`;

const others: readonly Validation[] = [
  {
    expression: valuesPass("(^|/)actions\\.[^/]*$", `!variables.annotations[key].matches(${celString(targetGroup)})`),
    message:
      "an action must lead to a Service of this namespace: write serviceName and servicePort instead of a target group",
  },
  {
    expression: cel`
      variables.references.all(text, text.startsWith(request.namespace + '/'))
      && ${valuesPass("^traefik\\.", "!variables.annotations[key].contains('@kubernetes')")}
      && ${valuesPass("(^|/)svc-namespace$", "variables.annotations[key] == request.namespace")}
    `,
    message:
      "annotations must refer to objects of this namespace: remove the namespace, or set it to this one; for Traefik, use middlewares and options from the platform's files (NAME@file)",
  },
];

/**
 * A pattern of URLs of a Service in the namespace that replaces NAMESPACE; `svc://` is HAProxy Ingress' form. The
 * namespace is required, because without it a path could be read as a name. The path may hold a variable of the
 * controller, which is part of the original request.
 * @see https://haproxy-ingress.github.io/docs/configuration/keys/#auth-external
 */
function serviceUrl(clusterDomain: string): string {
  const name = "[-a-z0-9]+";
  const host = `https?://${name}\\.NAMESPACE\\.svc(\\.${clusterDomain.replaceAll(".", "\\.")})?`;
  return `^(${host}|svc://NAMESPACE/${name})(:[0-9]+)?(/[^\\s;{}'"\\\\]*)?$`;
}

/** CEL that is true when `check` is true of each annotation whose name matches. */
function valuesPass(pattern: string, check: string): string {
  return `variables.annotations.all(key, !${keyMatches(pattern)} || ${check})`;
}
