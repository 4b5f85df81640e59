import { type Case, objectOf, type Place, type Spec } from "./cases.js";

const group = "notification.toolkit.fluxcd.io";

/** Policy fleet-notifications, as a stack has it that says nothing. */
export function notificationCases(place: Place): Case[] {
  const alert = (...eventSources: Spec[]) =>
    objectOf(place, `${group}/v1beta3`, "Alert", { providerRef: { name: "mine" }, eventSources });
  const provider = (spec: Spec) => objectOf(place, `${group}/v1beta3`, "Provider", { type: "generic", ...spec });
  const receiver = (spec: Spec) =>
    objectOf(place, `${group}/v1`, "Receiver", {
      type: "github",
      secretRef: { name: "mine" },
      resources: [{ kind: "GitRepository", name: "mine" }],
      ...spec,
    });
  const oidc = (issuerURL: string) =>
    receiver({
      type: "generic-oidc",
      secretRef: undefined,
      oidcProviders: [{ issuerURL, validations: [{ expression: "true", message: "never" }] }],
    });
  const here = /Alerts and Receivers must be about this namespace/;
  const plain = /notifications must be encrypted/;
  const inSecret = /credentials must be in Secrets/;
  const proxies = /proxies lead to hosts that are not allowed/;
  const identity = /a Provider without its own account would use the credentials of the platform's controller/;
  const secretive = /a Secret of a Provider of this type can disclose the identity of the platform's controller/;
  const address = "https://hooks.example.com/mine";
  return [
    {
      title: "an Alert about another tenant's sync",
      object: alert({ kind: "Kustomization", name: "mine" }, { kind: "Kustomization", name: "*", namespace: "team-b" }),
      refused: here,
    },
    {
      title: "an Alert about the platform",
      object: alert({ kind: "GitRepository", name: "*", namespace: "flux-system" }),
      refused: here,
    },
    {
      title: "an Alert about every namespace",
      object: alert({ kind: "GitRepository", name: "*", namespace: "*" }),
      refused: here,
    },
    {
      title: "a Receiver that has another tenant's source looked at",
      object: receiver({ resources: [{ kind: "GitRepository", name: "theirs", namespace: "team-b" }] }),
      refused: here,
    },
    { title: "a Provider over http", object: provider({ address: "http://hooks.example.com" }), refused: plain },
    {
      title: "a Provider over HTTP in capitals",
      object: provider({ address: "HTTP://x.example.com" }),
      refused: plain,
    },
    { title: "a Provider without scheme", object: provider({ address: "hooks.example.com" }), refused: plain },
    {
      title: "a NATS server without TLS",
      object: provider({ type: "nats", channel: "x", address: "tls://a.example.com:4222,nats://b.example.com:4222" }),
      refused: plain,
    },
    {
      title: "an event hub that is a URL of its own",
      object: provider({ type: "azureeventhub", serviceAccountName: "mine", address: "http://hub.example.com" }),
      refused: plain,
    },
    {
      title: "a Provider with a password in its address",
      object: provider({ address: "https://me:secret@hooks.example.com/x" }),
      refused: inSecret,
    },
    {
      title: "a Provider with a key in its address",
      object: provider({ address: "https://hub.example.com/?SharedAccessKey=x" }),
      refused: inSecret,
    },
    {
      title: "a Provider by a proxy",
      object: provider({ address, proxy: "https://proxy.example.com" }),
      refused: proxies,
    },
    {
      title: "a Provider by a proxy in a Secret",
      object: provider({ address, proxySecretRef: { name: "proxy" } }),
      refused: proxies,
    },
    {
      title: "a Provider with the controller's cloud identity",
      object: provider({ type: "googlepubsub", channel: "mine", address: "project" }),
      refused: identity,
    },
    {
      title: "a Provider at Google with a Secret, which can be the controller's own token for somebody else",
      object: provider({
        type: "googlepubsub",
        channel: "mine",
        address: "project",
        secretRef: { name: "mine" },
        serviceAccountName: "mine",
      }),
      refused: secretive,
    },
    {
      title: "an event hub with a Secret beside an account, which need not have a token",
      object: provider({
        type: "azureeventhub",
        channel: "mine",
        address: "hub",
        secretRef: { name: "mine" },
        serviceAccountName: "mine",
      }),
      refused: secretive,
    },
    {
      title: "Azure DevOps with a Secret that need not have a token, at an address that would get the controller's",
      object: provider({
        type: "azuredevops",
        address: "https://devops.example.com/a/b/_git/c",
        secretRef: { name: "mine" },
      }),
      refused: identity,
    },
    {
      title: "a Receiver that asks an issuer over http",
      object: oidc("http://issuer.example.com"),
      refused: /issuers of tokens must use https/,
    },
    {
      title: "a Receiver that is checked every second",
      object: receiver({ interval: "1s" }),
      refused: /intervals must be 10s or longer/,
    },
    {
      title: "a Provider that takes an hour to send",
      object: provider({ address, timeout: "6m" }),
      refused: /timeouts must be 5m or shorter/,
    },
    {
      title: "an Alert about everything in its namespace",
      object: alert(
        { kind: "Kustomization", name: "*" },
        { kind: "HelmRelease", name: "*", namespace: place.namespace },
      ),
    },
    { title: "a Provider over https", object: provider({ address, secretRef: { name: "mine" } }) },
    { title: "a Provider with its address in a Secret", object: provider({ secretRef: { name: "mine" } }) },
    {
      title: "a Provider of statuses at GitHub",
      object: provider({ type: "github", address: "https://github.com/acme/app", secretRef: { name: "mine" } }),
    },
    {
      title: "a Provider with an at sign in its path",
      object: provider({ address: "https://hooks.example.com/@mine?to=a@b" }),
    },
    {
      title: "a NATS server with TLS",
      object: provider({ type: "nats", channel: "x", address: "tls://a.example.com:4222" }),
    },
    {
      title: "a Provider with a cloud identity of its own",
      object: provider({ type: "googlepubsub", channel: "mine", address: "project", serviceAccountName: "mine" }),
    },
    {
      title: "an event hub with a cloud identity of its own",
      object: provider({ type: "azureeventhub", channel: "mine", address: "hub", serviceAccountName: "mine" }),
    },
    {
      title: "Azure DevOps with a token, and an account for when there is none",
      object: provider({
        type: "azuredevops",
        address: "https://dev.azure.com/a/b/_git/c",
        secretRef: { name: "mine" },
        serviceAccountName: "mine",
      }),
    },
    {
      title: "a Receiver for its own source",
      object: receiver({ resources: [{ kind: "GitRepository", name: "mine", namespace: place.namespace }] }),
    },
    { title: "a Receiver that asks an issuer over https", object: oidc("https://issuer.example.com") },
  ];
}
