import type { Addon } from "../../config/addons/addon.js";
import { KNOWN_ADDONS } from "../../config/addons/known-addons.js";
import { ingressKinds } from "../kinds.js";
import { reconciler } from "../rbac/reconciler.js";
import { annotationForms, FREE_PREFIXES } from "./annotations/known-annotations.js";
import { isListed } from "./annotations/listed-keys.js";
import { VALUE_FORMS, type ValueForm } from "./annotations/value-forms.js";
import { annotations, annotationsField, cel, celList, celString, specOrAnnotationsChange } from "./cel/cel.js";
import { createOrUpdate, type Expressions, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { kubernetes, platform } from "./cel/principals.js";

/** The prefix of actions of AWS' load balancers; the rest of the key is a name of the tenant's. */
const actionPrefix = "alb.ingress.kubernetes.io/actions.";

/**
 * The fields of an action, which must be written as here. `targetGroupARN` and `targetGroupName` are missing, because
 * they lead to any target group. A backslash could hide them.
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions
 */
const actionFields = [
  ...["type", "forwardConfig", "targetGroups", "serviceName", "servicePort", "weight"],
  ...["targetGroupStickinessConfig", "enabled", "durationSeconds"],
  ...["fixedResponseConfig", "contentType", "statusCode", "messageBody"],
  ...["redirectConfig", "protocol", "port", "host", "path", "query"],
];

/**
 * The policy on annotations of Ingresses, routes and Services, by which tenants configure controllers that all tenants
 * share. A controller connects with its own network rights, reads Secrets with its own rights, and writes many values
 * into its configuration as they are. So an annotation passes only if it is known and its value has a known form:
 * - A URL that a controller requests must be a Service of this namespace by its full name. The tenant's own hosts lead
 *   wherever their DNS records do.
 * - Objects that a controller reads must be in this namespace.
 * - All other values are words without quotes, braces, semicolons, backslashes and line breaks.
 *
 * Keys without a prefix are free: by Kubernetes' rule they are private to the user, and no popular ingress
 * controller reads them.
 *
 * Backends of Ingresses and routes must be Services: a controller has backends of its own, which concern all tenants.
 * @param allowed keys, or `PREFIX/*`, whose values the stack leaves to the tenants
 * @param offered the add-ons of the stack
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set
 */
export function ingressReach(
  clusterDomain: string,
  allowed: readonly string[],
  offered: readonly Pick<Addon, "name">[],
): PolicyDefinition {
  const isPrefix = (key: string) => key.endsWith("/*");
  const prefixes = [
    ...FREE_PREFIXES.map((prefix) => `${prefix}/`),
    ...allowed.filter(isPrefix).map((key) => key.slice(0, -1)),
  ];
  return {
    name: "fleet-ingress-reach",
    resourceRules: createOrUpdate(...ingressKinds),
    matchConditions: specOrAnnotationsChange,
    variables: {
      annotations,
      before: `request.operation == 'UPDATE' ? oldObject.${annotationsField} : {}`,
      freePrefixes: celList(prefixes),
      freeKeys: celList(allowed.filter((key) => !isPrefix(key))),
      forms: JSON.stringify(Object.fromEntries(annotationForms())),
      patterns: patternsOf(clusterDomain),
      kubernetes,
      platform,
      ...variables,
    },
    validations: [known, serviceUrls(clusterDomain), ...others, backends, ...addonAnnotations(offered)],
  };
}

/**
 * The annotations by which the controller of an add-on creates an object for the tenant, under its own name: the tenant must
 * have the right to create it itself, so its file asks for the add-on. The right is that of the tenant's reconciler: Flagger
 * copies annotations of an Ingress, and has no right to such objects.
 */
function addonAnnotations(offered: readonly Pick<Addon, "name">[]): Validation[] {
  return [...KNOWN_ADDONS.values()].flatMap(({ name, annotations: keys = [], kinds: [kind] }) => {
    if (keys.length === 0 || kind === undefined) return [];
    const used = cel`
      variables.read.exists(
        key,
        ${isListed(keys)} && !(key in variables.before && variables.before[key] == variables.annotations[key])
      )
    `;
    const hasRight = cel`
      authorizer.serviceAccount(request.namespace, '${reconciler}').group('${kind.group}').resource('${kind.plural}')
        .namespace(request.namespace).check('create').allowed()
    `;
    const isAsked = offered.some((one) => one.name === name) ? ` || ${hasRight}` : "";
    return {
      expression: `!${used} || variables.kubernetes || variables.platform${isAsked}`,
      message: `annotations of ${name} (${keys.join(", ")}) are for tenants with this add-on: remove them, or ask the platform team to add it (addons)`,
    };
  });
}

/** A CEL map of the forms' patterns. */
function patternsOf(clusterDomain: string): string {
  const domain = `[.]${clusterDomain.replaceAll(".", "[.]")}`;
  const patterns = Object.entries(VALUE_FORMS).map(([form, pattern]) => [form, pattern.replaceAll("DOMAIN", domain)]);
  return JSON.stringify(Object.fromEntries(patterns));
}

const variables: Expressions = {
  // The annotations that a controller may read, and that the stack does not leave to the tenants.
  read: cel`
    variables.annotations.filter(
      key,
      key.contains('/')
      && !(key in variables.freeKeys)
      && !variables.freePrefixes.exists(prefix, key.startsWith(prefix))
    )
  `,
  // Controllers note things on objects of tenants: an annotation that was there before is not the tenant's change.
  unknown: cel`
    variables.read.filter(
      key,
      !(key in variables.forms)
      && !key.startsWith('${actionPrefix}')
      && !(key in variables.before && variables.before[key] == variables.annotations[key])
    )
  `,
  misshapen: cel`
    variables.read.filter(
      key,
      key in variables.forms
      && !variables.annotations[key].matches(
        variables.patterns[variables.forms[key]].replace('NAMESPACE', request.namespace)
      )
    )
  `,
};

const known: Validation = {
  expression: "variables.unknown.size() == 0 || variables.kubernetes || variables.platform",
  message:
    "annotations that a controller may read must be known to concern this tenant only: remove them, or ask the platform team to allow them (fleet:allowedAnnotations)",
  messageExpression: cel`
    'the annotations ' + variables.unknown.join(', ') + ' are not known to concern this tenant only: remove them, '
    + 'or ask the platform team to set fleet:allowedAnnotations: [' + variables.unknown.join(', ') + ']'
  `,
};

function serviceUrls(clusterDomain: string): Validation {
  return {
    expression: allShaped("service"),
    message: `an ingress controller may only call Services of this namespace: write the URL as http://SERVICE.NAMESPACE.svc.${clusterDomain}, or remove the annotation`,
    messageExpression: cel`
      'an ingress controller may only call Services of this namespace: write the URL in '
      + ${misshapen("service")}.join(', ') + ' as http://SERVICE.' + request.namespace
      + '.svc.${clusterDomain}, or remove the annotation'
    `,
  };
}

/** CEL that is true when a reference leads to a Service, or is absent. */
function leadsToService(reference: string): string {
  return `(${reference}.?group.orValue('') == '' && ${reference}.?kind.orValue('Service') == 'Service')`;
}

/** CEL that is true when the filters of a list lead to Services only. */
function filtersLeadToServices(list: string): string {
  return cel`
    ${list}.all(
      filter,
      ${leadsToService("filter.?requestMirror.?backendRef")} && ${leadsToService("filter.?externalAuth.?backendRef")}
    )
  `;
}

/**
 * Other backends are a controller's own: `api@internal` of the kind TraefikService is Traefik's API, with the routes of
 * all tenants.
 * @see https://doc.traefik.io/traefik/reference/install-configuration/api-dashboard/
 */
const backends: Validation = {
  expression: cel`
    !has(object.spec.?defaultBackend.resource)
    && object.spec.?rules.orValue([]).all(
      rule,
      rule.?http.?paths.orValue([]).all(path, !has(path.?backend.resource))
      && ${filtersLeadToServices("rule.?filters.orValue([])")}
      && rule.?backendRefs.orValue([]).all(
        backend,
        ${leadsToService("backend")} && ${filtersLeadToServices("backend.?filters.orValue([])")}
      )
    )
  `,
  message:
    "backends must be Services, because other kinds lead into the controller itself: remove spec.rules[].http.paths[].backend.resource, and the group and kind from backendRefs and from the references of filters",
};

const references: readonly ValueForm[] = ["names", "namespace", "fileObjects"];

const others: readonly Validation[] = [
  {
    expression: allShaped(...references),
    message:
      "annotations must refer to objects of this namespace: remove the namespace, or set it to this one; for Traefik, use middlewares and options from the platform's files (NAME@file)",
  },
  {
    expression: cel`
      variables.read.all(
        key,
        !key.startsWith('${actionPrefix}')
        || (
          !variables.annotations[key].contains(${celString("\\")})
          && variables.annotations[key].findAll('"[^"]*"[^":,{}]*:').all(
            field,
            field.split('"')[1] in ${celList(actionFields)}
          )
        )
      )
    `,
    message:
      "an action must lead to a Service of this namespace: write serviceName and servicePort instead of a target group, and no other fields than those of forwards, redirects and fixed responses",
  },
  {
    expression: allShaped(...plainForms()),
    message:
      "values of annotations must be plain, because controllers copy them into their configuration: remove quotes, braces, semicolons, backslashes, line breaks, and variables that the controller does not have",
    messageExpression: cel`
      'the values of ' + ${misshapen(...plainForms())}.join(', ') + ' must be plain, because controllers copy them '
      + 'into their configuration: remove quotes, braces, semicolons, backslashes, line breaks and unknown variables, '
      + 'or ask the platform team to allow them (fleet:allowedAnnotations)'
    `,
  },
];

/** The forms that neither refer to an object nor to a Service. */
function plainForms(): ValueForm[] {
  const forms = Object.keys(VALUE_FORMS) as ValueForm[];
  return forms.filter((form) => form !== "service" && !references.includes(form));
}

/** CEL that lists the annotations of these forms whose values have another form. */
function misshapen(...forms: readonly ValueForm[]): string {
  return `variables.misshapen.filter(key, variables.forms[key] in ${celList(forms)})`;
}

function allShaped(...forms: readonly ValueForm[]): string {
  return `variables.misshapen.all(key, !(variables.forms[key] in ${celList(forms)}))`;
}
