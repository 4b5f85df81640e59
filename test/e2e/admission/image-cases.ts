import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Case, Place } from "./cases.js";
import { deploymentOf, everyPodKind, onePod, podOf } from "./pod-kinds.js";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** Policy fleet-images, as a stack has it that says nothing: any registry, pulled for every start. */
export function pullCases(place: Place): Case[] {
  const refused = /images must be pulled for every start.*set imagePullPolicy: Always/;
  const kept = podOf({ imagePullPolicy: "IfNotPresent" });
  const volume = (pullPolicy?: string) =>
    podOf({}, { volumes: [{ name: "data", image: { reference: "registry.example.com/data:1", pullPolicy } }] });
  const first = (imagePullPolicy: string) =>
    podOf({}, { initContainers: [{ ...podOf({}).containers[0], name: "first", imagePullPolicy }] });
  return [
    ...everyPodKind(place, kept).map(([kind, object]) => ({
      title: `${kind} that takes what the node has`,
      object,
      refused,
    })),
    { title: "a pod that takes what the node has", object: onePod(place, kept), refused },
    {
      title: "a Deployment that says nothing of a tag that stays",
      object: deploymentOf(place, podOf({ imagePullPolicy: undefined })),
      refused,
    },
    {
      title: "a Deployment that never pulls",
      object: deploymentOf(place, podOf({ imagePullPolicy: "Never" })),
      refused,
    },
    {
      title: "a Deployment whose init container takes what the node has",
      object: deploymentOf(place, first("IfNotPresent")),
      refused,
    },
    { title: "a Deployment with a volume that the node has", object: deploymentOf(place, volume()), refused },
    ...everyPodKind(place, podOf({})).map(([kind, object]) => ({ title: `${kind} that pulls always`, object })),
    { title: "a pod that pulls always", object: onePod(place, podOf({})) },
    { title: "a Deployment with an init container that pulls always", object: deploymentOf(place, first("Always")) },
    { title: "a Deployment with a volume that is pulled always", object: deploymentOf(place, volume("Always")) },
    {
      title: "a Deployment of the latest, which is always pulled",
      object: deploymentOf(place, podOf({ image: "nginx", imagePullPolicy: undefined })),
    },
  ];
}

/** What the stack of {@link registryCases} allows. */
export const registries = ["ghcr.io/acme", "Registry.example.com", "docker.io/library", "registry.internal:5000/team"];

const foreign: readonly string[] = [
  "quay.io/acme/app:1",
  "ghcr.io/evil/app:1",
  "ghcr.io/acme-evil/app:1",
  "ghcr.io/app:1",
  "ghcr.io/acme.evil:1",
  "ghcr.io:8443/acme/app:1",
  "ghcr.io.evil.example/acme/app:1",
  "evil.example/ghcr.io/acme/app:1",
  "ghcr.io@evil.example/acme/app:1",
  "ghcr.io/acme@evil.example/app:1",
  "ghcr.io/acme/../evil/app:1",
  "ghcr.io//acme/app:1",
  "ghcr.io/Acme/app:1",
  "https://ghcr.io/acme/app:1",
  "registry.example.com:5000/app:1",
  "registry.example.com.evil.example/app:1",
  "registry.internal/team/app:1",
  "registry.internal:5000/other/app:1",
  "evil/docker.io:1",
  "docker.io/evil/app:1",
  "index.docker.io/evil/app:1",
  "DOCKER.IO/evil/app:1",
  "docker.io.evil.example/library/app:1",
  "library.evil.example/app:1",
  "localhost/library/app:1",
  "Library/app:1",
  "app:1/library/x",
  " ",
];

const allowed: readonly string[] = [
  "ghcr.io/acme/app:1",
  "ghcr.io/acme/deep/er/app:1.2.3-rc.1_x",
  "GHCR.io/acme/app:1",
  "ghcr.io/acme:1",
  "ghcr.io/acme",
  `ghcr.io/acme@${digest}`,
  `ghcr.io/acme/app:1@${digest}`,
  "registry.example.com/app:1",
  "REGISTRY.example.com/any/path",
  "registry.internal:5000/team/app:1",
  "nginx",
  "nginx:1.29",
  `nginx@${digest}`,
  "docker.io/nginx:1",
  "docker.io/library/nginx:1",
  "index.docker.io/nginx:1",
  "library/nginx:1",
  // What has no slash has no host, whatever it looks like.
  "registry.example.com:1",
];

/** Policy fleet-images with {@link registries}. */
export function registryCases(place: Place): Case[] {
  const refused =
    /images must be from an allowed registry: Registry\.example\.com, docker\.io\/library, ghcr\.io\/acme/;
  const of = (image: string) => deploymentOf(place, podOf({ image }));
  const evil = "quay.io/evil/app:1";
  const volume = (reference: string) =>
    podOf({}, { volumes: [{ name: "data", image: { reference, pullPolicy: "Always" } }] });
  const second = { ...podOf({ image: evil }).containers[0], name: "second" };
  const { containers } = podOf({});
  return [
    ...foreign.map((image) => ({ title: `an image ${JSON.stringify(image)}`, object: of(image), refused })),
    ...everyPodKind(place, podOf({ image: evil })).map(([kind, object]) => ({
      title: `${kind} from elsewhere`,
      object,
      refused,
    })),
    {
      title: "a Deployment whose second container is from elsewhere",
      object: deploymentOf(place, { ...podOf({}), containers: [...containers, second] }),
      refused,
    },
    {
      title: "a Deployment whose init container is from elsewhere",
      object: deploymentOf(place, podOf({}, { initContainers: [second] })),
      refused,
    },
    { title: "a Deployment with a volume from elsewhere", object: deploymentOf(place, volume(evil)), refused },
    ...allowed.map((image) => ({ title: `an image ${JSON.stringify(image)}`, object: of(image) })),
    { title: "a Deployment with a volume from an allowed registry", object: deploymentOf(place, volume("nginx:1")) },
    { title: "a Deployment with many containers", object: many(place) },
  ];
}

/** Policy fleet-images where digests are demanded, and a node may hand out what it has. */
export function digestCases(place: Place): Case[] {
  const refused = /images must have a digest/;
  const of = (image: string) => deploymentOf(place, podOf({ image, imagePullPolicy: "IfNotPresent" }));
  return [
    ...["nginx", "nginx:1", "ghcr.io/acme/app:sha256-0", "nginx@sha256:0123", `${digest.replace("sha256:", "x:")}`].map(
      (image) => ({ title: `an image ${JSON.stringify(image)}`, object: of(image), refused }),
    ),
    ...[`nginx@${digest}`, `ghcr.io/acme/app:1@${digest}`].map((image) => ({
      title: `an image ${JSON.stringify(image)}`,
      object: of(image),
    })),
  ];
}

/** Policy fleet-images where a node may hand out what it has. */
export function tagCases(place: Place): Case[] {
  const refused = /images without a tag, or with the tag latest, can differ between nodes/;
  const of = (image: string, imagePullPolicy?: string) => deploymentOf(place, podOf({ image, imagePullPolicy }));
  return [
    { title: "no tag", object: of("nginx", "IfNotPresent"), refused },
    { title: "no tag at a registry with a port", object: of("localhost:5000/nginx", "IfNotPresent"), refused },
    { title: "the tag latest", object: of("nginx:latest", "Never"), refused },
    { title: "the tag latest, always pulled", object: of("nginx:latest", "Always") },
    { title: "no tag and no pull policy, which is always pulled", object: of("nginx") },
    { title: "a tag", object: of("nginx:1", "IfNotPresent") },
    { title: "a tag and no pull policy", object: of("localhost:5000/nginx:1") },
    { title: "a digest", object: of(`nginx@${digest}`, "IfNotPresent") },
  ];
}

/** As many as nobody has: what it costs to judge them must stay below what the API server allows. */
function many(place: Place): KubernetesObject {
  const image = `ghcr.io/acme/${"a-long-path/".repeat(12)}app:1@${digest}`;
  const [one] = podOf({ image }).containers;
  const containers = Array.from({ length: 40 }, (_, index) => ({ ...one, name: `number-${index}` }));
  return deploymentOf(place, { ...podOf({}), containers });
}
