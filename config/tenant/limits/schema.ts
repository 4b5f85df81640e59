import { z } from "zod";
import { choiceField, numberField, resettable, textField } from "../../rules/field.js";
import { quantityRule } from "../../rules/quantity.js";
import { tenantDefaults } from "../defaults.js";
import { CONTAINER_DEFAULTS, SIZE_NAMES } from "./sizes.js";

const bySize = "Default: by the size.";
/** More than any cluster takes: Kubernetes' own tested ceiling is 150 000 pods. */
const mostObjects = 100_000;

const defaults = CONTAINER_DEFAULTS.limits;
const startable = (amount: string) =>
  `a container that declares nothing gets ${amount}, and with less than that none could start`;

function count(description: string, least = 0, why = "a number of objects") {
  return numberField({ least, most: mostObjects, why }, { description: `${description} ${bySize}` });
}

/** What a tenant may take of a cluster: a size, and single amounts in place of the size's. */
export const limits = z.strictObject({
  size: choiceField(SIZE_NAMES, {
    description: "What the namespace may take of the cluster, where no field below says otherwise.",
    default: tenantDefaults.size,
  }),
  cpu: textField(quantityRule({ least: defaults.cpu, most: "10000", why: startable(defaults.cpu) }), {
    description: `CPU of all containers together, in cores; requests and limits alike. ${bySize}`,
    examples: ["4", "500m"],
  }),
  memory: textField(quantityRule({ least: defaults.memory, most: "100Ti", why: startable(defaults.memory) }), {
    description: `Memory of all containers together; requests and limits alike. ${bySize}`,
    examples: ["8Gi"],
  }),
  storage: textField(quantityRule({ least: "0", most: "10Pi", why: "an amount of storage" }), {
    description: `Storage that all persistent volume claims together may ask for. ${bySize}`,
    examples: ["50Gi"],
  }),
  ephemeralStorage: textField(
    quantityRule({
      least: defaults["ephemeral-storage"],
      most: "10Pi",
      why: startable(defaults["ephemeral-storage"]),
    }),
    {
      description: `Disk of the nodes that all containers together may fill, with logs and empty directories; requests and limits alike. ${bySize}`,
      examples: ["20Gi"],
    },
  ),
  pods: count("Pods at once; finished ones that nobody has removed count too, beyond four times as many."),
  configMaps: count("ConfigMaps.", 1, "Kubernetes keeps one with its certificates in every namespace"),
  secrets: count("Secrets.", 1, "the platform keeps one with the deploy key in the namespace"),
  services: count("Services; where a stack lets them be NodePorts or LoadBalancers, as many ports of the nodes."),
  persistentVolumeClaims: count("Persistent volume claims."),
  jobs: count("Jobs, and as many CronJobs."),
  objects: count(
    "Objects of each other kind, for instance Deployments.",
    2,
    "Kubernetes and the platform each keep a service account in the namespace",
  ),
  fluxObjects: count(
    "Objects of each kind of Flux's.",
    1,
    "the platform keeps the tenant's own GitRepository and Kustomization in the namespace",
  ),
});

const { shape } = limits;

/** Limits in an overlay: each can be taken back to its default. */
export const limitsOverlay = z.strictObject({
  size: resettable(shape.size),
  cpu: resettable(shape.cpu),
  memory: resettable(shape.memory),
  storage: resettable(shape.storage),
  ephemeralStorage: resettable(shape.ephemeralStorage),
  pods: resettable(shape.pods),
  configMaps: resettable(shape.configMaps),
  secrets: resettable(shape.secrets),
  services: resettable(shape.services),
  persistentVolumeClaims: resettable(shape.persistentVolumeClaims),
  jobs: resettable(shape.jobs),
  objects: resettable(shape.objects),
  fluxObjects: resettable(shape.fluxObjects),
});
