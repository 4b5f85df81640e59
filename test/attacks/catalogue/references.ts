import { configMap, secret } from "../../support/objects/configuration.js";
import { imagePolicy } from "../../support/objects/image-automation.js";
import { provider } from "../../support/objects/notifications.js";
import { NAME } from "../../support/objects/object.js";
import { autoscaler, pod, volumeClaim } from "../../support/objects/workloads.js";
import { attacksOf, type Place } from "../attack.js";
import { creates } from "../attempts.js";
import { apply } from "../request.js";
import { releaseOf, syncOf } from "../tenant-objects.js";
import { cannot } from "./messages.js";

const aboutHere = /Alerts and Receivers must be about this namespace/;
const noField = /field not declared in schema/;

/** References of Flux objects to what is the neighbour's, beside the syncs of crossing.ts. */
export const references = attacksOf("crossing", [
  {
    id: "neighbours-values",
    title: "takes a HelmRelease's values from the neighbour's Secret",
    stoppedBy: [{ control: "flux-schema", message: noField }],
    attempt: (place) => values(place, { namespace: place.neighbour }),
    counterpart: (place) => values(place),
  },
  {
    id: "neighbours-variables",
    title: "substitutes variables from the neighbour's Secret",
    stoppedBy: [{ control: "flux-schema", message: noField }],
    attempt: (place) => variables(place, { namespace: place.neighbour }),
    counterpart: (place) => variables(place),
  },
  {
    id: "neighbours-decryption",
    title: "decrypts with the neighbour's key",
    stoppedBy: [{ control: "flux-schema", message: noField }],
    attempt: (place) => decryption(place, { namespace: place.neighbour }),
    counterpart: (place) => decryption(place),
  },
  {
    id: "neighbours-events",
    title: "has the neighbour's events sent to itself by an Alert",
    stoppedBy: [
      { control: "fleet-notifications", message: aboutHere },
      { control: "notification-cross-namespace", message: /cross-namespace references have been blocked/ },
    ],
    attempt: () => ({ kind: "alert" }),
  },
  {
    id: "neighbours-receiver",
    title: "starts the neighbour's sync by a Receiver",
    stoppedBy: [
      { control: "fleet-notifications", message: aboutHere },
      // The webhook's answer; what is wrong stands in the controller's log alone.
      { control: "notification-cross-namespace", message: /500 Internal Server Error/ },
    ],
    attempt: () => ({ kind: "receiver" }),
  },
  {
    id: "notifies-metadata",
    title: "has notification-controller send its events to the cloud's metadata service",
    category: "escape",
    stoppedBy: [{ control: "fleet-notifications", message: /notifications must go to a public host/ }],
    attempt: creates((place) => provider(place, { address: "https://169.254.169.254/latest/" })),
  },
  {
    id: "notifies-api-server",
    title: "has notification-controller send its events to the API server",
    category: "escape",
    stoppedBy: [{ control: "fleet-notifications", message: /notifications must go to a public host/ }],
    attempt: creates((place) => provider(place, { address: "https://kubernetes.default/api/v1/namespaces" })),
  },
  {
    id: "notifies-metadata-by-secret",
    title: "has notification-controller send its events to the cloud's metadata service, by an address in a Secret",
    category: "escape",
    stoppedBy: [
      { control: "fleet-notification-secrets", message: /Flux sends notifications to the keys address and proxy of/ },
    ],
    attempt: creates((place) => secret(place, { address: "http://169.254.169.254/latest/" })),
  },
  {
    id: "copies-into-neighbour",
    title: "has a controller copy a Secret of its own into the neighbour's namespace, by an annotation",
    stoppedBy: [
      { control: "fleet-configuration-annotations", message: /are not known to concern this namespace only/ },
    ],
    attempt: creates((place) =>
      secret(
        {
          ...place,
          annotations: {
            "reflector.v1.k8s.emberstack.com/reflection-auto-enabled": "true",
            "reflector.v1.k8s.emberstack.com/reflection-auto-namespaces": place.neighbour,
          },
        },
        { password: "mine" },
      ),
    ),
  },
  {
    id: "copies-from-neighbour",
    title: "has a controller fill a Secret of its own from the neighbour's, by an annotation",
    stoppedBy: [
      { control: "fleet-configuration-annotations", message: /are not known to concern this namespace only/ },
    ],
    attempt: creates((place) =>
      secret(
        { ...place, annotations: { "replicator.v1.mittwald.de/replicate-from": `${place.neighbour}/password` } },
        {},
      ),
    ),
  },
  {
    id: "neighbours-instrumentation",
    title: "has OpenTelemetry copy the neighbour's variables into its pod, by an annotation",
    stoppedBy: [
      { control: "fleet-node-agents", message: /annotations of pods must refer to objects of this namespace/ },
    ],
    attempt: creates((place) =>
      pod({
        ...place,
        annotations: { "instrumentation.opentelemetry.io/inject-java": `${place.neighbour}/java` },
      }),
    ),
  },
  {
    id: "grafanas-files",
    title: "has the sidecar of the platform's Grafana write a file to a folder of its choice, by an annotation",
    stoppedBy: [
      { control: "fleet-configuration-annotations", message: /are not known to concern this namespace only/ },
    ],
    attempt: creates((place) =>
      configMap({ ...place, annotations: { "k8s-sidecar-target-directory": "/etc/grafana/provisioning" } }),
    ),
  },
  {
    id: "neighbours-metrics",
    title: "has a source of metrics answer any query, by an annotation of its autoscaler",
    stoppedBy: [
      { control: "fleet-configuration-annotations", message: /are not known to concern this namespace only/ },
    ],
    attempt: creates((place) =>
      autoscaler({
        ...place,
        annotations: { "metric-config.external.all.prometheus/query": `sum(orders{namespace="${place.neighbour}"})` },
      }),
    ),
  },
  {
    id: "neighbours-volume-by-annotation",
    title: "has a driver of storage share the neighbour's volume, by an annotation of its claim",
    stoppedBy: [{ control: "fleet-volumes", message: /claims must not have annotations that storage may obey/ }],
    attempt: creates((place) =>
      volumeClaim({ ...place, annotations: { "trident.netapp.io/shareFromPVC": `${place.neighbour}/data` } }),
    ),
  },
  {
    id: "github-app-elsewhere",
    title: "has source-controller ask the cloud's metadata service for the token of a GitHub App",
    category: "escape",
    stoppedBy: [{ control: "fleet-github-apps", message: /Flux asks for tokens of a GitHub App/ }],
    attempt: creates((place) => secret(place, { githubAppID: "1", githubAppBaseURL: "http://169.254.169.254" })),
  },
  {
    id: "neighbours-images",
    title: "makes an ImagePolicy of the neighbour's ImageRepository",
    stoppedBy: [
      { control: "tenant-role", message: cannot("create", "imagepolicies") },
      { control: "fleet-image-automation", message: /image automation must stay in this namespace/ },
    ],
    attempt: creates((place) =>
      imagePolicy(place, { imageRepositoryRef: { name: "theirs", namespace: place.neighbour } }),
    ),
  },
]);

type Namespace = { readonly namespace?: string };

function values(place: Place, where: Namespace = {}) {
  const valuesFrom = [{ kind: "Secret", name: "values", ...where }];
  return { kind: "request", request: apply(releaseOf(place, NAME, { valuesFrom })) } as const;
}

function variables(place: Place, where: Namespace = {}) {
  const postBuild = { substituteFrom: [{ kind: "Secret", name: "variables", ...where }] };
  return { kind: "request", request: apply(syncOf(place, NAME, { postBuild })) } as const;
}

function decryption(place: Place, where: Namespace = {}) {
  const secretRef = { name: "sops-age", ...where };
  return {
    kind: "request",
    request: apply(syncOf(place, NAME, { decryption: { provider: "sops", secretRef } })),
  } as const;
}
