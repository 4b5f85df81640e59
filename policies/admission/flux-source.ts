import type { FleetSpec } from "../../config/fleet-spec.js";
import { GITHUB_REGISTRY } from "../../lib/github/container-registry.js";
import { MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { fluxSources } from "../kinds.js";
import { accountAdvice, cel, celList, namesAccount, specChanges, textOf } from "./cel/cel.js";
import { boundedFetchTimeout, boundedIntervals } from "./cel/durations.js";
import { createOrUpdate, type Expressions, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/** The host of Google's buckets: source-controller ignores their endpoint (`internal/bucket/gcp`, v1.9.3). */
const googleStorage = "storage.googleapis.com";

/**
 * Excludes objects that the platform creates for itself: a tenant file may name other sources, and is reviewed. Both
 * label and principal must be the platform's: a tenant could set the label, and an administrator gets the same refusal
 * as a tenant.
 */
const notThePlatformsOwn: Expressions = {
  "not-the-platforms-own": cel`
    !(object.metadata.?labels[?'${MANAGED_BY_LABEL}'].orValue('') == '${MANAGED_BY}' && ${platform})
  `,
};

/**
 * The policy on a tenant's sources: encrypted, from allowed hosts and owners, and without a way around those. Hosts and
 * ports are compared as written in the URL, by the same parser that source-controller uses. A host without a port
 * allows the scheme's own port only, because other ports of a host are other services.
 * @param cloneHost host of GitHub's clone URLs, if it is known; API and clones may have different hosts
 * @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library
 */
export function fluxSource(
  { github, admission }: Pick<FleetSpec, "github" | "admission">,
  cloneHost = github.host,
): PolicyDefinition {
  const hosts = lowerCase([github.host, cloneHost, ...admission.sourceHosts]);
  const owners = lowerCase([github.owner, ...admission.sourceOwners]);
  return {
    name: "fleet-flux-source",
    resourceRules: createOrUpdate(fluxSources),
    matchConditions: { ...specChanges, ...notThePlatformsOwn },
    variables: {
      bucketOf: "request.resource.resource == 'buckets' ? object.spec.?provider.orValue('generic') : ''",
      urls,
      hosts: celList(hosts),
      gitHubHosts: celList(lowerCase([github.host, cloneHost, GITHUB_REGISTRY])),
      owners: celList(owners),
    },
    validations: validations(hosts, owners),
  };
}

/**
 * All addresses that source-controller connects to. A Bucket's endpoint is a host without a scheme, except for Azure;
 * for Google it is ignored. `dyn()` gives the list one type, because values of an object have none.
 */
const urls = cel`
  [
    ${textOf("url")},
    ${textOf("endpoint")},
    ${textOf("sts.endpoint")},
    dyn(variables.bucketOf == 'gcp' ? '${googleStorage}' : '')
  ]
    .filter(text, text != '')
    .map(text, text.contains('://') ? text : 'https://' + text)
`;

function validations(hosts: readonly string[], owners: readonly string[]): Validation[] {
  return [
    // A Secret does not prove that the tenant has credentials of its own, and no policy sees it with the Bucket. For
    // Azure, a Secret with only `clientId` names an identity of the node. Google's library accepts credentials that
    // name a file of the controller, its token for instance, and an address to send its content to (`external_account`,
    // https://google.aip.dev/auth/4117). Both were tried with source-controller v1.9.3.
    {
      expression: "!(variables.bucketOf in ['gcp', 'azure']) || !has(object.spec.secretRef)",
      message: `a Secret of a Bucket at gcp or azure can disclose the identity of the platform's controller: remove spec.secretRef, and ${accountAdvice}`,
    },
    {
      expression: cel`
        variables.urls.all(text, isURL(text) && url(text).getScheme() in ['https', 'ssh', 'oci'])
        && !object.spec.?insecure.orValue(false)
      `,
      message: "sources must be encrypted: write the URL with https://, ssh:// or oci://, and remove spec.insecure",
    },
    {
      expression: "variables.urls.all(text, isURL(text) && url(text).getHost().lowerAscii() in variables.hosts)",
      message: `sources must be at an allowed host: ${hosts.join(", ")}; ask the platform team for another (fleet:allowedSourceHosts)`,
    },
    {
      expression: isOfAllowedOwner,
      message: `sources at GitHub must belong to an allowed owner: ${owners.join(", ")}; write the URL like ssh://git@HOST/OWNER/REPOSITORY.git, or ask the platform team for another owner (fleet:allowedSourceOwners)`,
    },
    {
      expression: plainUrls,
      message:
        "URLs of sources must be plain: write SCHEME://HOST/PATH with letters, digits and . _ ~ @ + - in the path, without a query, a fragment, empty parts, . and ..",
    },
    ...references,
    {
      expression: "!object.spec.?recurseSubmodules.orValue(false) && !has(object.spec.proxySecretRef)",
      message:
        "submodules and proxies lead to hosts that are not allowed: remove spec.recurseSubmodules and spec.proxySecretRef, and create a source for each submodule (spec.include)",
    },
    // Only cloud providers use an account's identity; the Secret of a Bucket at AWS can hold nothing but a key.
    {
      expression: cel`
        object.spec.?provider.orValue('generic') in ['generic', 'github']
        || ${namesAccount}
        || (variables.bucketOf == 'aws' && has(object.spec.secretRef))
      `,
      message: `a source without its own credentials would use the cloud identity of the platform's controller: remove spec.provider, or ${accountAdvice}`,
    },
    boundedIntervals("interval"),
    boundedFetchTimeout,
  ];
}

/**
 * Git sends everything behind the host to an SSH server, also what a URL parser takes for a query: `?/../../evil/app`
 * would leave the owner's path. `%20` stands in names of projects of Azure DevOps.
 */
const plainUrls = cel`
  variables.urls.all(
    text,
    text.matches('^(https://|oci://|ssh://([A-Za-z0-9_-]+@)?)[A-Za-z0-9.-]+(:[0-9]+)?(/([A-Za-z0-9._~@+-]|%20)+)*/?$')
    && text.split('/').all(part, part != '.' && part != '..')
  )
`;

/**
 * Names that source-controller appends to an allowed URL without a check of its own: those of charts
 * (`OCIChartRepository.getChartVersion` joins paths, `..` included), and tags and digests of images (read in v1.9.3).
 */
const references: readonly Validation[] = [
  {
    expression: cel`
      ${textOf("chart")}.matches('^[A-Za-z0-9._+/-]*$')
      && ${textOf("chart")}.split('/').all(part, part != '..')
    `,
    message:
      "charts must be below the URL of their source: write spec.chart with letters, digits and . _ + - /, without ..",
  },
  {
    expression: cel`
      request.resource.resource != 'ocirepositories'
      || (
        ${textOf("ref.tag")}.matches('^([A-Za-z0-9_][A-Za-z0-9_.-]*)?$')
        && ${textOf("ref.digest")}.matches('^(sha256:[a-f0-9]{64})?$')
      )
    `,
    message:
      "versions of images must be plain: write spec.ref.tag with letters, digits and _ . -, and spec.ref.digest as sha256:DIGEST",
  },
];

/** A path with an escape, or with `.` or `..`, could lead to another owner than the one that is compared. */
const isOfAllowedOwner = cel`
  variables.urls.all(
    text,
    isURL(text)
    && (
      !(url(text).getHost().lowerAscii() in variables.gitHubHosts)
      || (
        !url(text).getEscapedPath().contains('%')
        && (
          url(text).getEscapedPath().split('/').size() >= 3
          || request.resource.resource == 'helmrepositories'
        )
        && url(text).getEscapedPath().split('/').size() >= 2
        && url(text).getEscapedPath().lowerAscii().split('/')[1] in variables.owners
        && url(text).getEscapedPath().split('/').all(part, part != '.' && part != '..')
      )
    )
  )
`;

function lowerCase(texts: readonly string[]): string[] {
  return [...new Set(texts.map((text) => text.toLowerCase()))].sort();
}
