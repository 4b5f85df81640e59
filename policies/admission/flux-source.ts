import { MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { maxFetchTimeout, minInterval } from "./cel/durations.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  celList,
  createOrUpdate,
  type NamedExpression,
  type PolicyContext,
  specChanges,
} from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/** Where tenants may fetch from. */
export interface AllowedSources {
  /** Hosts, each with `:PORT` where the URL names a port. */
  readonly hosts: readonly string[];
  /** Those of the hosts where the path begins with an owner. */
  readonly gitHubHosts: readonly string[];
  /** Owners at those hosts. */
  readonly owners: readonly string[];
}

/**
 * GitHub's container registry: its paths begin with the owner, like repositories.
 * @see https://docs.github.com/en/packages/working-with-a-github-packages-registry/working-with-the-container-registry
 */
const gitHubRegistry = "ghcr.io";

/** Where source-controller fetches buckets of Google, whatever their endpoint says (`internal/bucket/gcp`, v1.9.3). */
const googleStorage = "storage.googleapis.com";

/**
 * Looks at nothing that the platform makes for itself: a tenant's file may name sources elsewhere, which somebody of the
 * platform has read. Label and requester both count: a tenant could write the one, and an administrator who tries
 * something out is told what a tenant would be told.
 */
const notThePlatformsOwn: NamedExpression = {
  name: "not-the-platforms-own",
  expression: `!(object.metadata.?labels[?'${MANAGED_BY_LABEL}'].orValue('') == '${MANAGED_BY}' && ${platform.expression})`,
};

/**
 * A tenant's sources: encrypted, from allowed hosts and owners, and by no way around those.
 *
 * Hosts and ports are compared as they stand in the URL, read by the same parser that source-controller uses. A host
 * without a port stands for the scheme's own port only: other ports of an allowed host are other services.
 *
 * A Secret is no proof of credentials of one's own. What Google's library accepts as such can be a file of the
 * controller's and an address that its content is sent to (`external_account`), the controller's token for instance; for
 * Azure, a Secret with only `clientId` names an identity of the node. Tried with source-controller v1.9.3. No policy sees
 * the Secret together with the Bucket, so buckets of these two have none.
 * @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library
 * @see https://google.aip.dev/auth/4117 for credentials of external accounts
 */
export function fluxSource({ labels, mode }: PolicyContext, allowed: AllowedSources): AdmissionPolicy {
  const hosts = lowerCase(allowed.hosts);
  const gitHubHosts = lowerCase([...allowed.gitHubHosts, gitHubRegistry]);
  const owners = lowerCase(allowed.owners);
  return admissionPolicy({
    name: "fleet-flux-source",
    labels,
    mode,
    resourceRules: [
      createOrUpdate("source.toolkit.fluxcd.io", [
        "gitrepositories",
        "ocirepositories",
        "helmrepositories",
        "helmcharts",
        "buckets",
      ]),
    ],
    matchConditions: [specChanges, notThePlatformsOwn],
    variables: [
      {
        name: "bucketOf",
        expression: "request.resource.resource == 'buckets' ? object.spec.?provider.orValue('generic') : ''",
      },
      {
        // A bucket's endpoint is a host alone, but for Azure a URL. For Google it is not looked at. What is in a list
        // must be of one type, and what an object says has none.
        name: "urls",
        expression: `[object.spec.?url.orValue(''), object.spec.?endpoint.orValue(''), object.spec.?sts.?endpoint.orValue(''), dyn(variables.bucketOf == 'gcp' ? '${googleStorage}' : '')].filter(text, text != '').map(text, text.contains('://') ? text : 'https://' + text)`,
      },
      { name: "hosts", expression: celList(hosts) },
      { name: "gitHubHosts", expression: celList(gitHubHosts) },
      { name: "owners", expression: celList(owners) },
    ],
    validations: [
      {
        expression: "!(variables.bucketOf in ['gcp', 'azure']) || !has(object.spec.secretRef)",
        message:
          "the Secret of a Bucket at gcp or azure can have the platform's controller give away its own identity: remove spec.secretRef, and set spec.serviceAccountName to an account of yours with a cloud identity",
      },
      {
        expression:
          "variables.urls.all(text, isURL(text) && url(text).getScheme() in ['https', 'ssh', 'oci']) && !object.spec.?insecure.orValue(false)",
        message: "sources must be encrypted: write the URL with https://, ssh:// or oci://, and remove spec.insecure",
      },
      {
        expression: "variables.urls.all(text, isURL(text) && url(text).getHost().lowerAscii() in variables.hosts)",
        message: `sources must be at an allowed host: ${hosts.join(", ")}; ask the platform team for another (fleet:allowedSourceHosts)`,
      },
      {
        expression:
          "variables.urls.all(text, isURL(text) && (!(url(text).getHost().lowerAscii() in variables.gitHubHosts) || (!url(text).getEscapedPath().contains('%') && url(text).getEscapedPath().lowerAscii().split('/').size() >= 3 && url(text).getEscapedPath().lowerAscii().split('/')[1] in variables.owners && url(text).getEscapedPath().split('/').all(part, part != '.' && part != '..'))))",
        message: `sources at GitHub must belong to an allowed owner: ${owners.join(", ")}; write the URL like ssh://git@HOST/OWNER/REPOSITORY.git, or ask the platform team for another owner (fleet:allowedSourceOwners)`,
      },
      {
        expression: "!object.spec.?recurseSubmodules.orValue(false) && !has(object.spec.proxySecretRef)",
        message:
          "submodules and proxies lead to hosts that nobody allowed: remove spec.recurseSubmodules and spec.proxySecretRef, and give what you need a source of its own (spec.include)",
      },
      {
        // An account is only asked for the cloud's identity; the Secret of a bucket at AWS can hold nothing but a key.
        expression:
          "object.spec.?provider.orValue('generic') in ['generic', 'github'] || object.spec.?serviceAccountName.orValue('') != '' || (variables.bucketOf == 'aws' && has(object.spec.secretRef))",
        message:
          "without credentials of its own a source would use the cloud identity of the platform's controller: remove spec.provider, or set spec.serviceAccountName to an account of yours with a cloud identity",
      },
      minInterval(["interval"]),
      maxFetchTimeout,
    ],
  });
}

function lowerCase(texts: readonly string[]): string[] {
  return [...new Set(texts.map((text) => text.toLowerCase()))].sort();
}
