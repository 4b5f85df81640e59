import { branches, imageRepository, imageUpdates } from "../../support/objects/image-automation.js";
import { type Fields, type Kind, object } from "../../support/objects/object.js";
import { gitSource } from "../../support/objects/sources.js";
import { deployment, podSpec } from "../../support/objects/workloads.js";
import type { Attack, Place } from "../attack.js";
import { creates } from "../attempts.js";
import { cannot } from "./messages.js";

const category = "supply chain";

const encrypted = /sources must be encrypted: write the URL with https:\/\/, ssh:\/\/ or oci:\/\//;
const atHost = /sources must be at an allowed host/;
const owner = /sources at GitHub must belong to an allowed owner/;
const around = /submodules and proxies lead to hosts that are not allowed/;

/** A source from where the tenant may not fetch. @param spec beside its interval */
function source(id: string, title: string, message: RegExp, kind: Kind, spec: (place: Place) => Fields): Attack {
  return {
    id,
    title,
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-source", message }],
    attempt: creates((place) => object(kind, place, { spec: { interval: "1m", ...spec(place) } })),
  };
}

/** Code and manifests that no review sees. */
export const supplyChain: readonly Attack[] = [
  source("source-over-http", "fetches a repository over http", encrypted, "GitRepository", ({ gitHub, tenant }) => ({
    url: `${gitHub}acme/${tenant}.git`,
  })),
  source(
    "image-without-tls",
    "fetches an OCI artifact without TLS",
    encrypted,
    "OCIRepository",
    ({ organisation }) => ({
      url: `${organisation.replace(/^ssh:\/\/git@/, "oci://")}/app`,
      insecure: true,
    }),
  ),
  source("foreign-host", "fetches a repository from another host", atHost, "GitRepository", () => ({
    url: "https://git.example.com/acme/app",
  })),
  source("lookalike-host", "fetches from a host that begins like GitHub's", atHost, "GitRepository", () => ({
    url: "https://github.com.example.com/acme/app",
  })),
  source("foreign-registry", "fetches an OCI artifact from another registry", atHost, "OCIRepository", () => ({
    url: "oci://registry.example.com/acme/app",
  })),
  source("foreign-charts", "fetches charts from another host", atHost, "HelmRepository", () => ({
    url: "https://charts.example.com",
  })),
  source("foreign-bucket", "fetches a bucket from another host", atHost, "Bucket", () => ({
    bucketName: "app",
    endpoint: "s3.example.com",
  })),
  source("foreign-owner", "fetches another owner's repository", owner, "GitRepository", ({ organisation }) => ({
    url: `${organisation.replace(/\/[^/]+$/, "/evil")}/app.git`,
  })),
  source("path-to-owner", "leads to another owner by a path", owner, "GitRepository", ({ organisation }) => ({
    url: `${organisation}/../evil/app.git`,
  })),
  source("submodules", "has submodules fetched from wherever", around, "GitRepository", ({ organisation, tenant }) => ({
    url: `${organisation}/${tenant}.git`,
    recurseSubmodules: true,
  })),
  source("proxy", "fetches by a proxy of its own", around, "GitRepository", ({ organisation, tenant }) => ({
    url: `${organisation}/${tenant}.git`,
    proxySecretRef: { name: "proxy" },
  })),
  {
    id: "foreign-image",
    title: "runs an image of another registry",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "fleet-images", message: /images must be from an allowed registry: registry\.example\.com/ },
    ],
    attempt: creates((place) => deployment(place, podSpec({ image: "registry.example.com.evil.example/app:1" }))),
  },
  {
    id: "kept-image",
    title: "runs an image that a node keeps of another tenant",
    category,
    by: "reconciler",
    benchmark: "always-pull",
    stoppedBy: [
      { control: "fleet-images", message: /images must be pulled for every start.*set imagePullPolicy: Always/ },
    ],
    attempt: creates((place) => deployment(place, podSpec({ imagePullPolicy: "IfNotPresent" }))),
  },
  {
    id: "foreign-scan",
    title: "has tags of another registry's images taken into its repository",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "tenant-role", message: cannot("create", "imagerepositories") },
      { control: "fleet-image-automation", message: /images must be from an allowed registry/ },
    ],
    attempt: creates((place) => imageRepository(place, "registry.evil.example/app")),
  },
  {
    id: "unreviewed-update",
    title: "has image automation push to the branch that is deployed",
    category,
    by: "reconciler",
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
];
