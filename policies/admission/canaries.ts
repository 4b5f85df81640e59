import { MOST_QUERY_ACTIONS, MOST_VARIABLE_LETTERS, QUERY_PATTERN } from "../../config/addons/query-form.js";
import { kinds } from "../kinds.js";
import { cel, celList, celString, inThisNamespace, specChanges, textsOf } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { hostOf, isInnerName } from "./cel/public-host.js";

/** References of a Canary that can name a namespace, beside those of its analysis. */
const singleReferences = ["targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef"];

const analysisReferences = (analysis: string) => [
  `object.spec.?${analysis}.?metrics.orValue([]).map(metric, metric.?templateRef.?namespace.orValue(''))`,
  `object.spec.?${analysis}.?alerts.orValue([]).map(alert, alert.?providerRef.?namespace.orValue(''))`,
];

const webhooks = (analysis: string) =>
  `object.spec.?${analysis}.?webhooks.orValue([]).map(webhook, webhook.?url.orValue(''))`;

/** All addresses that Flagger connects to for an object. `provider` of a Canary is a word. */
const addresses = cel`
  (
    request.resource.resource == 'metrictemplates'
    ? [object.spec.?provider.?address.orValue('')]
    : ${textsOf("address", "proxy", "metricsServer")} + ${webhooks("analysis")} + ${webhooks("canaryAnalysis")}
  ).filter(text, text != '')
`;

/** A scheme and a host, without the name of a user, which would hide the host. */
const webAddress = "^https?://[A-Za-z0-9._-]+(:[0-9]{1,5})?([/?#][^ ]*)?$";

/**
 * Providers of metrics that take the tenant's own credentials, as texts. Of the others, `cloudwatch` and `keptn` use
 * Flagger's own identity. `stackdriver` gives the Secret to Google's library, which accepts a text that names a file of
 * Flagger, its token for instance, and an address to send its content to (`external_account`).
 * @see https://google.aip.dev/auth/4117
 */
const providers = ["datadog", "dynatrace", "graphite", "influxdb", "newrelic", "prometheus", "splunk"];

const ownCredentials: Validation = {
  expression: cel`
    request.resource.resource != 'metrictemplates'
    || object.spec.?provider.?type.orValue('prometheus') in ${celList(providers)}
  `,
  message: `metrics must not be read with the identity of Flagger, or with a Secret that can disclose it: set spec.provider.type to one of ${providers.join(", ")}`,
};

const atNamedHosts: Validation = {
  expression: `variables.addresses.all(one, one.matches('${webAddress}') && ${isInnerName(hostOf("one"))})`,
  message:
    "Flagger must not call an address of a network, itself, the API server or a metadata service: write addresses of metrics, alerts and webhooks as http:// or https:// with the name of a host",
};

const queriesOf = (analysis: string) =>
  `object.spec.?${analysis}.?metrics.orValue([]).map(metric, metric.?query.orValue(''))`;

/** All queries of an object, which Flagger renders. */
const queries = cel`
  request.resource.resource == 'metrictemplates'
  ? [object.spec.?query.orValue('')]
  : ${queriesOf("analysis")} + ${queriesOf("canaryAnalysis")}
`;

/**
 * One Flagger renders the queries of all tenants, as templates of Go without a bound: definitions that call each other twice
 * take any time, and formats with a width any memory.
 * @see https://pkg.go.dev/text/template
 */
const cheapQueries: Validation = {
  expression: `variables.queries.all(one, one.matches(${celString(QUERY_PATTERN)}) && one.split('{{').size() <= ${MOST_QUERY_ACTIONS + 1})`,
  message: `queries of metrics must only insert values, because one Flagger renders those of all tenants: write {{ name }}, {{ namespace }}, {{ target }}, {{ service }}, {{ ingress }}, {{ route }}, {{ interval }} and {{ variables.NAME }}, ${MOST_QUERY_ACTIONS} times at most`,
};

const variablesOf = (analysis: string) => cel`
  object.spec.?${analysis}.?metrics.orValue([]).all(
    metric,
    !has(metric.templateVariables)
    || metric.templateVariables.all(name, metric.templateVariables[name].size() <= ${MOST_VARIABLE_LETTERS})
  )
`;

const shortVariables: Validation = {
  expression: `request.resource.resource != 'canaries' || (${variablesOf("analysis")} && ${variablesOf("canaryAnalysis")})`,
  message: `values of templateVariables must have ${MOST_VARIABLE_LETTERS} letters at most, because queries insert them many times: shorten them`,
};

/** The lengths of time of a Canary that Flagger waits for. It takes an unreadable one for its default. */
const timesOf = (analysis: string) => cel`
  [object.spec.?${analysis}.?interval.orValue('')]
  + object.spec.?${analysis}.?webhooks.orValue([]).map(webhook, webhook.?timeout.orValue(''))
`;

const boundedTimes: Validation = {
  expression: cel`
    request.resource.resource != 'canaries'
    || (
      (${timesOf("analysis")} + ${timesOf("canaryAnalysis")} + ${textsOf("service.timeout")}).all(
        text,
        text == ''
        || (
          text.matches('^([0-9]{1,9}(ms|s|m|h))+$')
          && duration(text) >= duration('1s')
          && duration(text) <= duration('24h')
        )
      )
      && object.spec.?progressDeadlineSeconds.orValue(600) >= 1
      && object.spec.?progressDeadlineSeconds.orValue(600) <= 86400
    )
  `,
  message:
    "times of a Canary must be 1s to 24h, because one Flagger waits for those of all tenants: change the intervals and timeouts of its analysis, webhooks and service, and progressDeadlineSeconds",
};

/**
 * The policy on a tenant's Canaries, MetricTemplates and AlertProviders: all references stay in their own namespace. Flagger reads every namespace under
 * its own name: with another tenant's MetricTemplate it would query that tenant's metrics with that tenant's password,
 * and with its AlertProvider it would post to that tenant's channel. Flagger calls the addresses in these objects from
 * its own pods, and shows parts of the answers in events.
 * @see https://docs.flagger.app/usage/metrics
 * @see https://docs.flagger.app/usage/alerting
 */
export const canaries: PolicyDefinition = {
  name: "fleet-canaries",
  resourceRules: createOrUpdate(kinds("flagger.app", "canaries", "metrictemplates", "alertproviders")),
  matchConditions: specChanges,
  variables: {
    references: [
      textsOf(...singleReferences.map((field) => `${field}.namespace`)),
      ...analysisReferences("analysis"),
      // Deprecated, but Flagger still reads it.
      ...analysisReferences("canaryAnalysis"),
      "object.spec.?service.?mirror.orValue([]).map(one, one.?backendRef.?namespace.orValue(''))",
    ].join(" + "),
    addresses,
    queries,
  },
  validations: [
    {
      expression: inThisNamespace("variables.references"),
      message:
        "a Canary must refer to objects of its own namespace: remove the namespace from targetRef and other references, write this one in templateRef and providerRef, and create your own MetricTemplate or AlertProvider",
    },
    ownCredentials,
    atNamedHosts,
    cheapQueries,
    shortVariables,
    boundedTimes,
  ],
};
