import { accountToken, configMap, serviceAccount } from "../../support/objects/configuration.js";
import { NAME, object } from "../../support/objects/object.js";
import { deployment, pod, podSpec } from "../../support/objects/workloads.js";
import { attacksOf } from "../attack.js";
import { creates, sends } from "../attempts.js";
import { apply, list, token } from "../request.js";
import { syncOf } from "../tenant-objects.js";
import { cannot } from "./messages.js";

/** A request for a client certificate, as `openssl req -new` writes it; its key was thrown away. */
const certificateRequest =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIU01Ia0NBUUF3RnpFVk1CTUdBMVVFQXd3TWIyWXRZVzR0WVhSMFlXTnJNRmt3RXdZSEtvWkl6ajBDQVFZSQpLb1pJemowREFRY0RRZ0FFS3pWNExlVEhVZFVMOFZqSmlmSFFSZzhVejQvb1lxNGtjcXRiQ01mTXdUcHJjYjNCCmxYUTBpODhkTy9QUWF6Y2k0KzBhekZMSERkcHFaelJKVUhWSk5LQUFNQW9HQ0NxR1NNNDlCQU1DQTBrQU1FWUMKSVFDaWFMVHMyT29RNDM2R0dZYWUyTVNwellWUXNzK2paSGhaOUc4Tit1dHdTd0loQU9keERwa0dORDRNaHZUYgpyV3ZDdld6Um1qdUtVVVh0M1lzcVpjNGdMZHd3Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";

/** The refusal of a token in a Secret. */
const lasting = /Secrets must not hold tokens of service accounts, because such tokens never expire/;

/** Others' identities, and its own one where it does not belong. */
export const accounts = attacksOf("escalation", [
  {
    id: "token-of-itself",
    title: "asks for another token of its reconciler",
    stoppedBy: [{ control: "tenant-role", message: cannot("create", "serviceaccounts/token") }],
    attempt: sends(({ namespace }) => token(namespace, "reconciler")),
  },
  {
    id: "token-of-neighbour",
    title: "asks for a token of the neighbour's reconciler",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "serviceaccounts/token") }],
    attempt: sends(({ neighbour }) => token(neighbour, "reconciler")),
  },
  {
    id: "token-of-flux",
    title: "asks for a token of kustomize-controller",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "serviceaccounts/token") }],
    attempt: sends(() => token("flux-system", "kustomize-controller")),
  },
  {
    id: "impersonate-neighbour",
    title: "acts as the neighbour's reconciler",
    stoppedBy: [{ control: "own-namespace", message: /cannot impersonate/ }],
    attempt: sends(({ neighbour }) => ({
      ...list("ConfigMap", neighbour),
      as: { user: `system:serviceaccount:${neighbour}:reconciler` },
    })),
  },
  {
    id: "impersonate-administrators",
    title: "acts as a member of system:masters",
    stoppedBy: [{ control: "own-namespace", message: /cannot impersonate/ }],
    attempt: sends(() => ({ ...list("Secret"), as: { user: "anybody", groups: ["system:masters"] } })),
  },
  {
    id: "certificate",
    title: "asks for a client certificate",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "certificatesigningrequests") }],
    attempt: creates(() =>
      object(
        "CertificateSigningRequest",
        {},
        {
          spec: {
            request: certificateRequest,
            signerName: "kubernetes.io/kube-apiserver-client",
            usages: ["client auth"],
          },
        },
      ),
    ),
  },
  {
    id: "pod-reads-secrets",
    title: "reads the Secrets of its own namespace from a pod",
    by: "pod",
    stoppedBy: [{ control: "pods-have-no-rights", message: cannot("list", "secrets") }],
    attempt: sends(({ namespace }) => list("Secret", namespace)),
  },
  {
    id: "pod-makes-sync",
    title: "makes a Kustomization as its reconciler from a pod",
    by: "pod",
    stoppedBy: [{ control: "pods-have-no-rights", message: cannot("create", "kustomizations") }],
    attempt: creates((place) => syncOf(place, NAME)),
  },
  {
    id: "pod-writes",
    title: "writes a ConfigMap of its own namespace from a pod",
    by: "pod",
    stoppedBy: [{ control: "pods-have-no-rights", message: cannot("patch", "configmaps") }],
    attempt: sends((place) => apply(configMap(place))),
  },
  {
    id: "pod-as-reconciler",
    title: "makes a Deployment that runs as its reconciler",
    stoppedBy: [{ control: "fleet-platform-accounts", message: /pods must not run as the platform's accounts/ }],
    attempt: creates((place) => deployment(place, podSpec({}, { serviceAccountName: "reconciler" }))),
  },
  {
    id: "lasting-token",
    title: "makes a Secret with a token of its reconciler that never expires",
    stoppedBy: [{ control: "fleet-platform-accounts", message: lasting }],
    attempt: creates((place) => accountToken(place, "reconciler")),
  },
  {
    id: "lasting-token-of-own",
    title: "makes a Secret with a token of another account of its own that outlives the commit",
    stoppedBy: [{ control: "fleet-platform-accounts", message: lasting }],
    attempt: creates((place) => accountToken(place, "default")),
  },
  {
    id: "cloud-identity",
    title: "gives an account of its own a role in the cloud",
    stoppedBy: [
      { control: "fleet-identities", message: /only the platform may create service accounts with a cloud identity/ },
    ],
    attempt: creates((place) =>
      serviceAccount({
        ...place,
        annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::000000000000:role/admin" },
      }),
    ),
  },
  {
    id: "name-in-vault",
    title: "names the neighbour's team in an annotation of its account, which Vault's policies read",
    stoppedBy: [{ control: "fleet-identities", message: /annotations of service accounts must be known to grant/ }],
    attempt: creates((place) =>
      serviceAccount({ ...place, annotations: { "vault.hashicorp.com/alias-metadata-team": place.neighbour } }),
    ),
  },
  {
    id: "account-of-flux",
    title: "makes a pod in Flux's namespace that runs as kustomize-controller",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "pods") }],
    attempt: creates(() =>
      pod(
        { namespace: "flux-system" },
        podSpec({}, { serviceAccountName: "kustomize-controller", automountServiceAccountToken: true }),
      ),
    ),
  },
]);
