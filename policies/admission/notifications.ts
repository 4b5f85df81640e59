import type { NotificationAddresses } from "../../config/stack/admission-schema.js";
import { maxTimeout, minInterval } from "./cel/durations.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  createOrUpdate,
  type PolicyContext,
  specChanges,
} from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/**
 * A tenant's Alerts, Providers and Receivers: about its own namespace, sent encrypted, with credentials in Secrets.
 *
 * The platform's own Providers are from tenants' files, which are checked when they are read; so they may be sent to the
 * machine itself unencrypted, as in the sandbox. A tenant's may not: there, the controller's own ports are open.
 *
 * An address in the Secret of a Provider takes the place of the one in its spec, and no policy sees both. Nor whether
 * there is a token in it: without one, three types take the credentials of the controller, and Azure DevOps sends them to
 * the Provider's address. What Google's library accepts as a token can be a file of the controller's and an address that
 * its content is sent to (`external_account`). So these types must have an account, which is then used in place of the
 * controller's, and no Secret but for Azure DevOps, which takes the token in it for what it is. Read in
 * notification-controller v1.9.2, `internal/notifier`. Tenants' files know none of the three.
 * @param addresses `any` lets Providers send unencrypted too
 * @see https://fluxcd.io/flux/components/notification/providers/
 * @see https://google.aip.dev/auth/4117 for credentials of external accounts
 */
export function notifications({ labels, mode }: PolicyContext, addresses: NotificationAddresses): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-notifications",
    labels,
    mode,
    resourceRules: [createOrUpdate("notification.toolkit.fluxcd.io", ["alerts", "providers", "receivers"])],
    matchConditions: [specChanges],
    variables: [
      {
        name: "namespaces",
        expression:
          "object.spec.?eventSources.orValue([]).map(one, one.?namespace.orValue('')) + object.spec.?resources.orValue([]).map(one, one.?namespace.orValue(''))",
      },
      { name: "address", expression: "object.spec.?address.orValue('')" },
      platform,
      { name: "type", expression: "object.spec.?type.orValue('')" },
    ],
    validations: [
      {
        expression: "variables.namespaces.all(name, name == '' || name == request.namespace)",
        message:
          "Alerts and Receivers must be about this namespace: remove the namespace from spec.eventSources and spec.resources",
      },
      ...(addresses === "any" ? [] : [encrypted]),
      {
        expression:
          "!variables.address.matches('^[a-zA-Z0-9+.-]+://[^/?#]*@') && !variables.address.contains('SharedAccessKey')",
        message:
          "credentials must be in Secrets: remove them from spec.address, and write the whole address under the key address into the Secret that spec.secretRef names",
      },
      {
        expression: "!has(object.spec.proxy) && !has(object.spec.proxySecretRef)",
        message: "proxies lead to hosts that nobody allowed: remove spec.proxy and spec.proxySecretRef",
      },
      {
        // A Secret without a token is as good as none.
        expression:
          "!(variables.type in ['azuredevops', 'azureeventhub', 'googlepubsub']) || object.spec.?serviceAccountName.orValue('') != ''",
        message:
          "without an account of its own a Provider would use the credentials of the platform's controller: set spec.serviceAccountName to an account of yours with a cloud identity; for azuredevops with a token in spec.secretRef, any account of yours",
      },
      {
        expression: "!(variables.type in ['azureeventhub', 'googlepubsub']) || !has(object.spec.secretRef)",
        message:
          "the Secret of a Provider of this type can have the platform's controller give away its own identity: remove spec.secretRef, and set spec.serviceAccountName to an account of yours with a cloud identity",
      },
      {
        expression:
          "object.spec.?oidcProviders.orValue([]).all(one, one.?issuerURL.orValue('').startsWith('https://'))",
        message: "issuers of tokens must be asked encrypted: write spec.oidcProviders[].issuerURL with https://",
      },
      minInterval(["interval"]),
      maxTimeout(["timeout"]),
    ],
  });
}

/** NATS has a scheme of its own; two types have an address that is the name of something in their cloud. */
const encrypted = {
  expression: [
    "variables.address == '' || variables.address.startsWith('https://')",
    "(variables.type == 'nats' && variables.address.split(',').all(one, one.startsWith('tls://')))",
    "(variables.type in ['azureeventhub', 'googlepubsub'] && !variables.address.contains('://'))",
    "variables.platform",
  ].join(" || "),
  message:
    "notifications must be sent encrypted: write spec.address with https://, or tls:// for nats; ask the platform team for an exception (fleet:notificationAddresses)",
};
