import { alert, provider, receiver } from "../../support/objects/notifications.js";
import type { Fields } from "../../support/objects/object.js";
import { gitSource } from "../../support/objects/sources.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";
import { notificationDurations } from "./duration-cases.js";
import { notificationExpressions } from "./expression-cases.js";

const address = "https://hooks.example.com/mine";
const secretRef = { name: "mine" };
const serviceAccountName = "mine";

/** Types whose credentials can be the controller's own. */
const pubsub = { type: "googlepubsub", channel: "mine", address: "project" };
const eventHub = { type: "azureeventhub", channel: "mine", address: "hub" };
const devops = (host: string) => ({ type: "azuredevops", address: `https://${host}/a/b/_git/c`, secretRef });
const nats = (address: string) => ({ type: "nats", channel: "x", address });

/** Policy fleet-notifications, with default settings. */
export function notificationCases(place: Place): Case[] {
  return [
    ...subjectCases(place),
    ...addressCases(place),
    ...credentialCases(place),
    ...receiverCases(place),
    ...allowedProviders(place),
    ...notificationDurations(place),
    ...notificationExpressions(place),
  ];
}

/** The subjects of Alerts and Receivers. */
function subjectCases(place: Place): Case[] {
  const { namespace } = place;
  const sources = (namespace: string) => ({ kind: "GitRepository", name: "*", namespace });
  const syncs = (name: string, more: Fields = {}) => ({ kind: "Kustomization", name, ...more });
  return [
    ...refused(/Alerts and Receivers must be about this namespace/, {
      "an Alert about another tenant's sync": alert(place, [syncs("mine"), syncs("*", { namespace: "team-b" })]),
      "an Alert about the platform": alert(place, [sources("flux-system")]),
      "an Alert about every namespace": alert(place, [sources("*")]),
      "a Receiver that has another tenant's source looked at": receiver(place, {
        resources: [{ ...gitSource("theirs"), namespace: "team-b" }],
      }),
    }),
    ...allowed({
      "an Alert about everything in its namespace": alert(place, [
        syncs("*"),
        { kind: "HelmRelease", name: "*", namespace },
      ]),
      "a Receiver for its own source": receiver(place, { resources: [{ ...gitSource(), namespace }] }),
    }),
  ];
}

/** Hosts that the controller reaches from inside the cluster only, or by an address. */
const inner = [
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "[fd00:ec2::254]",
  "[::ffff:169.254.169.254]",
  "127.0.0.1:9292",
  "localhost",
  "ip6-localhost:9090",
  "ip6-loopback:9090",
  "instance-data.ec2.internal",
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "web.team-b.svc.cluster.local",
  "web.team-b",
  "metadata.google.internal",
  "hooks.example.com.",
  "hooks.example.com\\.10.0.0.1",
  "",
];

/** Those that no setting allows. */
export const neverAllowed = inner.filter((host) => !/^(web|metadata|hooks)/.test(host));

/** Providers at hosts that are not public. @param at some of {@link inner} */
export function innerCases(place: Place, message: RegExp, at: readonly string[] = inner): Case[] {
  const to = (address: string) => provider(place, { address });
  return refused(message, {
    ...each(at, (host) => [`a Provider at ${JSON.stringify(host)}`, to(`https://${host}/`)]),
    "a NATS server in the cluster behind a public one": provider(
      place,
      nats("tls://a.example.com:4222,tls://kubernetes.default:443"),
    ),
  });
}

/** The addresses of Providers. */
function addressCases(place: Place): Case[] {
  const to = (address: string) => provider(place, { address });
  return [
    ...refused(/notifications must be encrypted/, {
      "a Provider over http": to("http://hooks.example.com"),
      "a Provider over HTTP in capitals": to("HTTP://x.example.com"),
      "a Provider without scheme": to("hooks.example.com"),
      "a NATS server without TLS": provider(place, nats("tls://a.example.com:4222,nats://b.example.com:4222")),
      "an event hub that is a URL of its own": provider(place, {
        type: "azureeventhub",
        serviceAccountName,
        address: "http://hub.example.com",
      }),
    }),
    ...refused(/credentials must be in Secrets/, {
      "a Provider with a password in its address": to("https://me:secret@hooks.example.com/x"),
      "a Provider with a key in its address": to("https://hub.example.com/?SharedAccessKey=x"),
    }),
    ...innerCases(place, /notifications must go to a public host/),
    ...refused(/proxies lead to hosts that are not allowed/, {
      "a Provider by a proxy": provider(place, { address, proxy: "https://proxy.example.com" }),
      "a Provider by a proxy in a Secret": provider(place, { address, proxySecretRef: { name: "proxy" } }),
    }),
    ...refused(/timeouts must be 1s to 5m/, {
      "a Provider that takes an hour to send": provider(place, { address, timeout: "6m" }),
    }),
  ];
}

/** The credentials of Providers. */
function credentialCases(place: Place): Case[] {
  return [
    ...refused(/a Provider without its own account would use the credentials of the platform's controller/, {
      "a Provider with the controller's cloud identity": provider(place, pubsub),
      "Azure DevOps with a Secret that need not have a token, at an address that would get the controller's": provider(
        place,
        devops("devops.example.com"),
      ),
    }),
    ...refused(/a Secret of a Provider of this type can disclose the identity of the platform's controller/, {
      "a Provider at Google with a Secret, which can be the controller's own token for another user": provider(place, {
        ...pubsub,
        secretRef,
        serviceAccountName,
      }),
      "an event hub with a Secret beside an account, which need not have a token": provider(place, {
        ...eventHub,
        secretRef,
        serviceAccountName,
      }),
    }),
  ];
}

function receiverCases(place: Place): Case[] {
  const oidc = (issuerURL: string) =>
    receiver(place, {
      type: "generic-oidc",
      secretRef: undefined,
      oidcProviders: [{ issuerURL, validations: [{ expression: "true", message: "never" }] }],
    });
  return [
    ...refused(/issuers of tokens must use https/, {
      "a Receiver that asks an issuer over http": oidc("http://issuer.example.com"),
      "a Receiver that asks the API server": oidc("https://kubernetes.default"),
      "a Receiver that asks the metadata service": oidc("https://169.254.169.254/"),
      "a Receiver that asks an issuer behind another's name": oidc("https://issuer.example.com@10.0.0.1/"),
    }),
    ...refused(/intervals must be 10s to 8760h/, {
      "a Receiver that is checked every second": receiver(place, { interval: "1s" }),
    }),
    ...allowed({ "a Receiver that asks an issuer over https": oidc("https://issuer.example.com") }),
  ];
}

function allowedProviders(place: Place): Case[] {
  return allowed({
    "a Provider at a host of two parts, and a port": provider(place, { address: "https://Discord.com:8443/api?a=b" }),
    "a Provider over https": provider(place, { address, secretRef }),
    "a Provider with its address in a Secret": provider(place, { secretRef }),
    "a Provider of statuses at GitHub": provider(place, {
      type: "github",
      address: "https://github.com/acme/app",
      secretRef,
    }),
    "a Provider with an at sign in its path": provider(place, { address: "https://hooks.example.com/@mine?to=a@b" }),
    "a NATS server with TLS": provider(place, nats("tls://a.example.com:4222")),
    "a Provider with a cloud identity of its own": provider(place, { ...pubsub, serviceAccountName }),
    "an event hub with a cloud identity of its own": provider(place, { ...eventHub, serviceAccountName }),
    "Azure DevOps with a token, and an account for when there is none": provider(place, {
      ...devops("dev.azure.com"),
      serviceAccountName,
    }),
  });
}
