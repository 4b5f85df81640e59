import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Fields } from "../../support/objects/object.js";
import { container, deployment, everyWorkload, pod, podSpec } from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** A pod with an init container beside its own. */
const withInit = (fields: Fields) => podSpec({}, { initContainers: [container({ name: "first", ...fields })] });
/** A pod with an image as a volume. */
const withVolume = (reference: string, pullPolicy?: string) =>
  podSpec({}, { volumes: [{ name: "data", image: { reference, pullPolicy } }] });

/** Policy fleet-images with default settings: any registry, pulled for every start. */
export function pullCases(place: Place): Case[] {
  const kept = podSpec({ imagePullPolicy: "IfNotPresent" });
  const data = "registry.example.com/data:1";
  return [
    ...refused(/images must be pulled for every start.*set imagePullPolicy: Always/, {
      ...everyWorkload(place, "that takes what the node has", kept),
      "a pod that takes what the node has": pod(place, kept),
      "a Deployment that says nothing of a tag that stays": deployment(place, podSpec({ imagePullPolicy: undefined })),
      "a Deployment that never pulls": deployment(place, podSpec({ imagePullPolicy: "Never" })),
      "a Deployment whose init container takes what the node has": deployment(
        place,
        withInit({ imagePullPolicy: "IfNotPresent" }),
      ),
      "a Deployment with a volume that the node has": deployment(place, withVolume(data)),
    }),
    ...allowed({
      ...everyWorkload(place, "that pulls always"),
      "a pod that pulls always": pod(place),
      "a Deployment with an init container that pulls always": deployment(place, withInit({})),
      "a Deployment with a volume that is pulled always": deployment(place, withVolume(data, "Always")),
      "a Deployment of the latest, which is always pulled": deployment(
        place,
        podSpec({ image: "nginx", imagePullPolicy: undefined }),
      ),
    }),
  ];
}

/** Registries that the stack of {@link registryCases} allows. */
export const registries = ["ghcr.io/acme", "Registry.example.com", "docker.io/library", "registry.internal:5000/team"];

const foreignImages: readonly string[] = [
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

const allowedImages: readonly string[] = [
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
  // A reference without a slash has no host.
  "registry.example.com:1",
];

/** Policy fleet-images with {@link registries}. */
export function registryCases(place: Place): Case[] {
  const evil = "quay.io/evil/app:1";
  const of = (image: string) => [`an image ${JSON.stringify(image)}`, deployment(place, podSpec({ image }))] as const;
  const second = container({ image: evil, name: "second" });
  return [
    ...refused(/images must be from an allowed registry: Registry\.example\.com, docker\.io\/library, ghcr\.io\/acme/, {
      ...each(foreignImages, of),
      ...everyWorkload(place, "from elsewhere", podSpec({ image: evil })),
      "a Deployment whose second container is from elsewhere": deployment(
        place,
        podSpec({}, { containers: [container(), second] }),
      ),
      "a Deployment whose init container is from elsewhere": deployment(
        place,
        podSpec({}, { initContainers: [second] }),
      ),
      "a Deployment with a volume from elsewhere": deployment(place, withVolume(evil, "Always")),
    }),
    ...allowed({
      ...each(allowedImages, of),
      "a Deployment with a volume from an allowed registry": deployment(place, withVolume("nginx:1", "Always")),
      "a Deployment with many containers": many(place),
    }),
  ];
}

/** Policy fleet-images where digests are demanded, and a node may hand out what it has. */
export function digestCases(place: Place): Case[] {
  const of = (image: string) =>
    [
      `an image ${JSON.stringify(image)}`,
      deployment(place, podSpec({ image, imagePullPolicy: "IfNotPresent" })),
    ] as const;
  return [
    ...refused(
      /images must have a digest/,
      each(["nginx", "nginx:1", "ghcr.io/acme/app:sha256-0", "nginx@sha256:0123", digest.replace("sha256:", "x:")], of),
    ),
    ...allowed(each([`nginx@${digest}`, `ghcr.io/acme/app:1@${digest}`], of)),
  ];
}

/** Policy fleet-images where a node may hand out what it has. */
export function tagCases(place: Place): Case[] {
  const of = (image: string, imagePullPolicy?: string) => deployment(place, podSpec({ image, imagePullPolicy }));
  return [
    ...refused(/images without a tag, or with the tag latest, can differ between nodes/, {
      "no tag": of("nginx", "IfNotPresent"),
      "no tag at a registry with a port": of("localhost:5000/nginx", "IfNotPresent"),
      "the tag latest": of("nginx:latest", "Never"),
    }),
    ...allowed({
      "the tag latest, always pulled": of("nginx:latest", "Always"),
      "no tag and no pull policy, which is always pulled": of("nginx"),
      "a tag": of("nginx:1", "IfNotPresent"),
      "a tag and no pull policy": of("localhost:5000/nginx:1"),
      "a digest": of(`nginx@${digest}`, "IfNotPresent"),
    }),
  ];
}

/** Very many containers: their cost must stay below the API server's limit. */
function many(place: Place): KubernetesObject {
  const image = `ghcr.io/acme/${"a-long-path/".repeat(12)}app:1@${digest}`;
  const containers = Array.from({ length: 40 }, (_, index) => container({ image, name: `number-${index}` }));
  return deployment(place, podSpec({}, { containers }));
}
