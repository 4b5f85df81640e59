import { ingressKinds } from "./cel/ingress-kinds.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  celString,
  type PolicyContext,
  specOrAnnotationsChange,
} from "./cel/policy.js";

/**
 * Annotations that hold a part of a controller's own configuration, by which it does whatever it can.
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

/** Annotations whose URL the controller itself calls; of any prefix, because controllers can be told to use another. */
const urlAnnotations = "(^|/)(auth-url|auth-uri|mirror-target)$";

/** Annotations of ingress controllers, by what their prefixes have in common. */
const controllerAnnotations = "^[^/]*(ingress|nginx|haproxy|traefik|kong|apisix|skipper|contour|appprotect)[^/]*/";

/** Those of them whose URL goes no further than the browser. */
const browserAnnotations = "(redirect|signin|signout|error-page|cors-|header)";

/** Annotations that name Secrets, ConfigMaps and the like, `NAMESPACE/NAME` with many controllers; of any prefix. */
const referenceAnnotations =
  "(^|/)([^/]*-)?(secret|secrets|configmap|certificate|set-headers|custom-headers|policies|cr-backend|server-ca|server-crt|client-ca)$";

/**
 * What tells that an action leads to a target group of whoever's, among them escapes by which that could be hidden.
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions
 */
const targetGroup = "(?i)targetgroup(arn|name)|\\\\u";

/**
 * Annotations of Ingresses, routes and Services that lead an ingress controller, which is in no tenant's namespace, to
 * places where the tenant's own pods may not go.
 *
 * A controller goes there itself, with its own network and its own right to read Secrets: past the network policies of
 * whoever is asked, and with the neighbour's certificates. So what it calls must be a Service of this namespace by its
 * full name: hosts of the tenant's own lead wherever their DNS record does. What it is to read must be in this namespace.
 * Routes of Gateway API name other namespaces in fields; there the other namespace must agree by a ReferenceGrant, which
 * tenants' role cannot make.
 * @see https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
export function ingressReach({ labels, mode }: PolicyContext, clusterDomain: string): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-ingress-reach",
    labels,
    mode,
    resourceRules: ingressKinds,
    matchConditions: [specOrAnnotationsChange],
    variables: [
      { name: "annotations", expression: "object.metadata.?annotations.orValue({})" },
      {
        name: "ownService",
        expression: `${celString(serviceUrl(clusterDomain))}.replace('NAMESPACE', request.namespace)`,
      },
      {
        name: "calling",
        expression: `variables.annotations.filter(key, ${keyIs(urlAnnotations)} || (${keyIs(controllerAnnotations)} && !${keyIs(browserAnnotations)} && variables.annotations[key].matches('^[ ]*[a-zA-Z][-a-zA-Z0-9+.]*://')))`,
      },
      {
        name: "references",
        expression: `variables.annotations.filter(key, ${keyIs(referenceAnnotations)} || ${keyIs(controllerAnnotations)}).map(key, variables.annotations[key]).join(',').replace(' ', ',').split(',').filter(text, text.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9][-a-z0-9.]*$'))`,
      },
    ],
    validations: [
      {
        expression: `variables.annotations.all(key, !${keyIs(snippets)})`,
        message:
          "an ingress controller's own configuration is the platform's: remove annotations that hold parts of it (*-snippet, config-*, route-acl, tcp-service-port, skipper-*)",
      },
      {
        expression:
          "variables.calling.all(key, variables.annotations[key] == '' || variables.annotations[key].matches(variables.ownService))",
        message: `an ingress controller may be sent to Services of this namespace only: write the URL as http://SERVICE.NAMESPACE.svc.${clusterDomain}, or remove the annotation`,
        messageExpression: `'an ingress controller may be sent to Services of this namespace only: write the URL in ' + variables.calling.join(', ') + ' as http://SERVICE.' + request.namespace + '.svc.${clusterDomain}, or remove the annotation'`,
      },
      {
        expression: `variables.annotations.all(key, !${keyIs("(^|/)actions\\.[^/]*$")} || !variables.annotations[key].matches(${celString(targetGroup)}))`,
        message:
          "an action must lead to a Service of this namespace: write serviceName and servicePort in place of a target group",
      },
      {
        expression: [
          "variables.references.all(text, text.startsWith(request.namespace + '/'))",
          `variables.annotations.all(key, !${keyIs("^traefik\\.")} || !variables.annotations[key].contains('@kubernetes'))`,
          `variables.annotations.all(key, !${keyIs("(^|/)svc-namespace$")} || variables.annotations[key] == request.namespace)`,
        ].join(" && "),
        message:
          "what annotations name must be in this namespace: write it without a namespace or with this one; of Traefik's middlewares and options, name those that the platform has in a file (NAME@file)",
      },
    ],
  });
}

/**
 * URLs of a Service of the namespace for which NAMESPACE stands, `svc://` being HAProxy Ingress' way: always with its
 * namespace, for without it a path could be read as a name. A variable of the controller's own may stand in the path,
 * where it is a part of what was asked for.
 * @see https://haproxy-ingress.github.io/docs/configuration/keys/#auth-external
 */
function serviceUrl(clusterDomain: string): string {
  const name = "[-a-z0-9]+";
  const host = `https?://${name}\\.NAMESPACE\\.svc(\\.${clusterDomain.replaceAll(".", "\\.")})?`;
  return `^(${host}|svc://NAMESPACE/${name})(:[0-9]+)?(/[^\\s;{}'"\\\\]*)?$`;
}

/** CEL that is true when the name of an annotation matches. */
function keyIs(pattern: string): string {
  return `key.matches(${celString(pattern)})`;
}
