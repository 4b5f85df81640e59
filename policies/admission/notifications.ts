import type { FleetSpec } from "../../config/fleet-spec.js";
import { fluxNotifications } from "../kinds.js";
import { accountAdvice, cel, inThisNamespace, namesAccount, specChanges, textOf } from "./cel/cel.js";
import { boundedIntervals, boundedTimeouts } from "./cel/durations.js";
import {
  areShort,
  boundedExpressions,
  CONDITION_PATTERN,
  haveForm,
  LONGEST_EXPRESSIONS,
  lengthOf,
  TEXT_PATTERN,
  VARIABLE_PATTERN,
} from "./cel/flux-expressions.js";
import { createOrUpdate, type Expressions, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { platform } from "./cel/principals.js";
import { hostOf, isInnerName, isPublic } from "./cel/public-host.js";

/** The most patterns in each of an Alert's lists, and the most characters of one. */
const MOST_PATTERNS = 20;
const LONGEST_PATTERN = 256;

/**
 * The policy on a tenant's Alerts, Providers and Receivers: about their own namespace, encrypted, and with credentials
 * in Secrets. The platform's own Providers come from tenant files, which are checked when they are read; so they may
 * send to the machine itself unencrypted, as in the sandbox. A tenant's may not, because the controller's own ports are
 * open there. An address in a Provider's Secret replaces the one in its spec: see `notificationSecrets`.
 *
 * The controller sends from inside the cluster, so an address must have the name of a public host: no address of a
 * node or of a metadata service, and no name of a Service.
 * @see https://fluxcd.io/flux/components/notification/providers/
 */
export function notifications({ admission }: Pick<FleetSpec, "admission">): PolicyDefinition {
  const isAny = admission.notificationAddresses === "any";
  return {
    name: "fleet-notifications",
    resourceRules: createOrUpdate(fluxNotifications),
    matchConditions: specChanges,
    variables: {
      namespaces: cel`
        object.spec.?eventSources.orValue([]).map(one, one.?namespace.orValue(''))
        + object.spec.?resources.orValue([]).map(one, one.?namespace.orValue(''))
      `,
      address: textOf("address"),
      platform,
      type: textOf("type"),
      ...expressions,
      addresses,
      hosts,
    },
    validations: [
      aboutThisNamespace,
      ...(isAny ? [] : [encrypted]),
      ...others,
      isAny ? notTheControllersOwn : atPublicHosts,
      issuers,
    ],
  };
}

/** The addresses that a Provider names: NATS takes a list, and that of two types is the name of a cloud resource. */
const addresses = cel`
  variables.type in ['azureeventhub', 'googlepubsub']
  ? []
  : (variables.type == 'nats' ? variables.address.split(',') : [variables.address]).filter(one, one != '')
`;

/** The hosts of {@link addresses}: what stands between scheme and port, whatever it is. */
const hosts = `variables.addresses.map(one, ${hostOf("one")})`;

const atPublicHosts: Validation = {
  expression: `variables.hosts.all(host, ${isPublic("host")}) || variables.platform`,
  message:
    "notifications must go to a public host: write spec.address with a name like chat.example.com, without an address of a network or a name within the cluster; ask the platform team for an exception (fleet:notificationAddresses)",
};

/** Where any address is allowed: a name, but not of the controller itself, the API server or a metadata service. */
const notTheControllersOwn: Validation = {
  expression: `variables.hosts.all(host, ${isInnerName("host")}) || variables.platform`,
  message:
    "notifications must not go to an address of a network, to the controller itself, or to the API server: write spec.address with the name of a host",
};

const issuers: Validation = {
  expression: cel`
    object.spec.?oidcProviders.orValue([]).map(one, one.?issuerURL.orValue('')).all(
      issuer,
      issuer.matches('^https://[^/?#@]*(/[^?#]*)?$') && ${isPublic(hostOf("issuer"))}
    )
  `,
  message:
    "issuers of tokens must use https: write spec.oidcProviders[].issuerURL with https:// and the name of a public host",
};

/** Expressions of Providers and Receivers. Each issuer of tokens has a list of conditions, and one of variables. */
const expressions: Expressions = {
  filters: cel`
    [${textOf("resourceFilter")}] + object.spec.?resources.orValue([]).map(one, one.?filter.orValue(''))
  `,
  commitStatus: `[${textOf("commitStatusExpr")}]`,
  issuers: cel`
    object.spec.?oidcProviders.orValue([]).map(one, {
      'conditions': one.?validations.orValue([]).map(one, one.?expression.orValue('')),
      'variables': one.?variables.orValue([]).map(one, one.?expression.orValue(''))
    })
  `,
  shortExpressions: cel`
    ${areShort("(variables.filters + variables.commitStatus)")}
    && variables.issuers.all(one, ${areShort("(one.conditions + one.variables)")})
    && ${lengthOf("(variables.filters + variables.commitStatus)")}
      + variables.issuers.map(one, ${lengthOf("(one.conditions + one.variables)")}).sum() <= ${LONGEST_EXPRESSIONS}
  `,
};

const boundedFilters = boundedExpressions(
  "variables.shortExpressions",
  cel`
    ${haveForm("variables.filters", CONDITION_PATTERN)}
    && ${haveForm("variables.commitStatus", TEXT_PATTERN)}
    && variables.issuers.all(
      one,
      ${haveForm("one.conditions", CONDITION_PATTERN)} && ${haveForm("one.variables", VARIABLE_PATTERN)}
    )
  `,
  "spec.commitStatusExpr, spec.resourceFilter, spec.resources[].filter and spec.oidcProviders",
);

const aboutThisNamespace: Validation = {
  expression: inThisNamespace("variables.namespaces"),
  message:
    "Alerts and Receivers must be about this namespace: remove the namespace from spec.eventSources and spec.resources",
};

/** NATS has a scheme of its own; the address of two types is the name of a cloud resource. */
const encrypted: Validation = {
  expression: cel`
    variables.address == ''
    || variables.address.startsWith('https://')
    || (variables.type == 'nats' && variables.address.split(',').all(one, one.startsWith('tls://')))
    || (variables.type in ['azureeventhub', 'googlepubsub'] && !variables.address.contains('://'))
    || variables.platform
  `,
  message:
    "notifications must be encrypted: write spec.address with https://, or tls:// for nats; ask the platform team for an exception (fleet:notificationAddresses)",
};

const others: readonly Validation[] = [
  {
    expression:
      "!variables.address.matches('^[a-zA-Z0-9+.-]+://[^/?#]*@') && !variables.address.contains('SharedAccessKey')",
    message:
      "credentials must be in Secrets: remove them from spec.address, and write the whole address to the key address of the Secret in spec.secretRef",
  },
  {
    expression: "!has(object.spec.proxy) && !has(object.spec.proxySecretRef)",
    message: "proxies lead to hosts that are not allowed: remove spec.proxy and spec.proxySecretRef",
  },
  // Without a token, three types use the controller's own credentials, and Azure DevOps sends them to the Provider's
  // address. No policy sees whether a Secret holds a token, so these types must name an account, which is then used.
  // Read in notification-controller v1.9.2, `internal/notifier`. Tenant files support none of the three.
  {
    expression: `!(variables.type in ['azuredevops', 'azureeventhub', 'googlepubsub']) || ${namesAccount}`,
    message: `a Provider without its own account would use the credentials of the platform's controller: ${accountAdvice}; for azuredevops with a token in spec.secretRef, any account of yours`,
  },
  // Google's library accepts a token that names a file of the controller, and an address to send its content to
  // (`external_account`, https://google.aip.dev/auth/4117). Azure DevOps takes it literally, and may have a Secret.
  {
    expression: "!(variables.type in ['azureeventhub', 'googlepubsub']) || !has(object.spec.secretRef)",
    message: `a Secret of a Provider of this type can disclose the identity of the platform's controller: remove spec.secretRef, and ${accountAdvice}`,
  },
  {
    expression: cel`
      [object.spec.?inclusionList.orValue([]), object.spec.?exclusionList.orValue([])].all(
        patterns,
        patterns.size() <= ${MOST_PATTERNS} && patterns.all(pattern, size(pattern) <= ${LONGEST_PATTERN})
      )
    `,
    message: `Alerts must have at most ${MOST_PATTERNS} patterns of ${LONGEST_PATTERN} characters in each list, because every event is compared with all: remove some from spec.inclusionList and spec.exclusionList`,
  },
  ...boundedFilters,
  boundedIntervals("interval"),
  boundedTimeouts("timeout"),
];
