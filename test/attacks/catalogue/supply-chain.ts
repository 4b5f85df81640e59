import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { branches, imageRepository, imageUpdates } from "../../support/objects/image-automation.js";
import {
  bucket,
  gitRepository,
  gitSource,
  helmChart,
  helmRepository,
  ociRepository,
} from "../../support/objects/sources.js";
import { deployment, podSpec } from "../../support/objects/workloads.js";
import { attacksOf, type DeclaredAttack, type Place } from "../attack.js";
import { creates } from "../attempts.js";
import { ownRepository } from "../tenant-objects.js";
import { cannot } from "./messages.js";

const encrypted = /sources must be encrypted: write the URL with https:\/\/, ssh:\/\/ or oci:\/\//;
const atHost = /sources must be at an allowed host/;
const owner = /sources at GitHub must belong to an allowed owner/;
const plain = /URLs of sources must be plain/;
const around = /submodules and proxies lead to hosts that are not allowed/;

/** A source that the tenant may not fetch from. */
function source(
  id: string,
  title: string,
  message: RegExp,
  object: (place: Place) => KubernetesObject,
): DeclaredAttack {
  return { id, title, stoppedBy: [{ control: "fleet-flux-source", message }], attempt: creates(object) };
}

/** Code and manifests that no review sees. */
export const supplyChain = attacksOf("supply chain", [
  source("source-over-http", "fetches a repository over http", encrypted, (place) =>
    gitRepository(place, `${place.gitHub}acme/${place.tenant}.git`),
  ),
  source("image-without-tls", "fetches an OCI artifact without TLS", encrypted, (place) =>
    ociRepository(place, `${place.organisation.replace(/^ssh:\/\/git@/, "oci://")}/app`, { insecure: true }),
  ),
  source("foreign-host", "fetches a repository from another host", atHost, (place) =>
    gitRepository(place, "https://git.example.com/acme/app"),
  ),
  source("lookalike-host", "fetches from a host that begins like GitHub's", atHost, (place) =>
    gitRepository(place, "https://github.com.example.com/acme/app"),
  ),
  source("foreign-registry", "fetches an OCI artifact from another registry", atHost, (place) =>
    ociRepository(place, "oci://registry.example.com/acme/app"),
  ),
  source("foreign-charts", "fetches charts from another host", atHost, (place) =>
    helmRepository(place, "https://charts.example.com"),
  ),
  source("foreign-bucket", "fetches a bucket from another host", atHost, (place) => bucket(place, "s3.example.com")),
  source("foreign-owner", "fetches another owner's repository", owner, (place) =>
    gitRepository(place, `${place.organisation.replace(/\/[^/]+$/, "/evil")}/app.git`),
  ),
  source("path-to-owner", "reaches another owner by a path with ..", owner, (place) =>
    gitRepository(place, `${place.organisation}/../evil/app.git`),
  ),
  source("query-to-owner", "reaches another owner by a query, which Git sends as a part of the path", plain, (place) =>
    gitRepository(place, `${place.organisation}/app?/../../evil/app.git`),
  ),
  source("chart-of-owner", "reaches another owner's chart by a name with ..", /charts must be below the URL/, (place) =>
    helmChart(place, { chart: "../evil/app", sourceRef: { kind: "HelmRepository", name: "own" } }),
  ),
  source(
    "tag-of-owner",
    "reaches another owner's image by a tag with ..",
    /versions of images must be plain/,
    (place) =>
      ociRepository(place, `${place.organisation.replace(/^ssh:\/\/git@/, "oci://")}/app`, {
        ref: { tag: "../../../evil/app/manifests/1" },
      }),
  ),
  source("submodules", "fetches submodules from any host", around, (place) =>
    ownRepository(place, { recurseSubmodules: true }),
  ),
  source("proxy", "fetches by a proxy of its own", around, (place) =>
    ownRepository(place, { proxySecretRef: { name: "proxy" } }),
  ),
  {
    id: "foreign-image",
    title: "runs an image of another registry",
    stoppedBy: [
      { control: "fleet-images", message: /images must be from an allowed registry: registry\.example\.com/ },
    ],
    attempt: creates((place) => deployment(place, podSpec({ image: "registry.example.com.evil.example/app:1" }))),
  },
  {
    id: "kept-image",
    title: "runs an image that a node keeps of another tenant",
    benchmark: "always-pull",
    stoppedBy: [
      { control: "fleet-images", message: /images must be pulled for every start.*set imagePullPolicy: Always/ },
    ],
    attempt: creates((place) => deployment(place, podSpec({ imagePullPolicy: "IfNotPresent" }))),
  },
  {
    id: "foreign-scan",
    title: "has tags of another registry's images taken into its repository",
    stoppedBy: [
      { control: "tenant-role", message: cannot("create", "imagerepositories") },
      { control: "fleet-image-automation", message: /images must be from an allowed registry/ },
    ],
    attempt: creates((place) => imageRepository(place, "registry.evil.example/app")),
  },
  {
    id: "unreviewed-update",
    title: "has image automation push to the branch that is deployed",
    stoppedBy: [
      { control: "tenant-role", message: cannot("create", "imageupdateautomations") },
      {
        control: "fleet-image-automation",
        message: /image automation must push to a branch of its own, not to a default branch/,
      },
    ],
    attempt: creates((place) =>
      imageUpdates(place, branches("main", "main"), { sourceRef: gitSource(place.tenant), update: undefined }),
    ),
  },
]);
