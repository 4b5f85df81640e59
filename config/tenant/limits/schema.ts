import type { z } from "zod";
import { quantityRule } from "../../rules/amounts.js";
import { amountField, choiceField, numberField, section } from "../../rules/field.js";
import { CONTAINER_DEFAULTS, SIZE_NAMES, SIZES } from "./sizes.js";

const bySize = "Default: by the size.";

function startable(resource: keyof typeof CONTAINER_DEFAULTS.limits, most: string) {
  const least = CONTAINER_DEFAULTS.limits[resource];
  const why = `a container that declares nothing gets ${least}, and with less than that none could start`;
  return quantityRule(least, most, why);
}

/** A number of objects. No cluster takes more than the most: Kubernetes' own tested ceiling is 150 000 pods. */
function count(description: string, least = 0, why = "a number of objects") {
  return numberField(least, 100_000, why, `${description} ${bySize}`).exactOptional();
}

/** The limits of a tenant: a size, and single amounts that replace those of the size. */
export const limitFields = {
  /** Room for a few services. */
  size: choiceField(SIZE_NAMES, {
    description: "Size of the namespace's limits. The other fields of limits override single values.",
  }).default("small"),
  cpu: amountField(startable("cpu", "10000"), {
    description: `CPU of all containers together, in cores; requests and limits alike. ${bySize}`,
    examples: ["4", "500m"],
  }).exactOptional(),
  memory: amountField(startable("memory", "100Ti"), {
    description: `Memory of all containers together; requests and limits alike. ${bySize}`,
    examples: ["8Gi"],
  }).exactOptional(),
  storage: amountField(quantityRule("0", "10Pi", "an amount of storage"), {
    description: `Storage that all persistent volume claims together may ask for. ${bySize}`,
    examples: ["50Gi"],
  }).exactOptional(),
  ephemeralStorage: amountField(startable("ephemeral-storage", "10Pi"), {
    description: `Disk of the nodes that all containers together may fill, with logs and empty directories; requests and limits alike. ${bySize}`,
    examples: ["20Gi"],
  }).exactOptional(),
  pods: count("Pods that run or wait at once. A second quota of four times as many also counts finished pods."),
  configMaps: count("ConfigMaps.", 1, "Kubernetes keeps one with its certificates in every namespace"),
  secrets: count("Secrets.", 1, "the platform keeps one with the deploy key in the namespace"),
  services: count(
    "Services. On a stack that allows NodePorts or LoadBalancers, they may use as many ports of the nodes.",
  ),
  persistentVolumeClaims: count("Persistent volume claims."),
  jobs: count("Jobs, and as many CronJobs."),
  objects: count(
    "Objects of each other kind, for instance Deployments.",
    2,
    "Kubernetes and the platform each keep a service account in the namespace",
  ),
  fluxObjects: count(
    "Objects of each of Flux's kinds.",
    1,
    "the platform keeps the tenant's own GitRepository and Kustomization in the namespace",
  ),
};

/** The limits of a tenant's primary namespace. */
export const limits = section("Limits of the tenant's share of the cluster.", limitFields);

/** Limits with an amount of everything: the size's, where none is declared. */
export function completeLimits({ size, ...amounts }: z.output<typeof limits>) {
  return { size, ...SIZES[size], ...amounts };
}
