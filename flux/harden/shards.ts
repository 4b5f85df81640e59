import { z } from "zod";
import { type KubernetesObject, withLabels } from "../../lib/kubernetes/object.js";
import { SHARDING_KEY, shardingLabels } from "../../lib/kubernetes/shards.js";
import { deploymentName } from "../release/controllers.js";
import { type Deployment, deployments } from "../release/deployment.js";
import { type Manifest, typedKind } from "../release/typed-kind.js";
import { flagValues, setFlag } from "./arguments.js";
import { type Controller, controllersOf } from "./controller.js";
import type { HardenContext, Step } from "./step.js";

const services = typedKind(
  "Service",
  z.looseObject({ spec: z.looseObject({ selector: z.record(z.string(), z.string()) }) }),
);

/**
 * Adds, for each shard of the stack, a source-, a kustomize- and a helm-controller that reconcile only objects with the
 * shard's label. The main ones then leave these objects alone.
 *
 * A tenant can make its controller use up its memory. In a shard, that ends the shard's controller, and not the one of
 * all tenants. The copies are made before the other steps, which harden them in the same way. They use the accounts of
 * the main controllers: rights on all namespaces cannot be divided by labels. Leader election takes the selector into
 * the name of its lease, so the copies do not wait for the main controllers.
 * @see https://fluxcd.io/flux/installation/configuration/sharding/
 */
export const addShards: Step = (objects, context) => {
  const { shards } = context.settings;
  if (shards.length === 0) return objects;
  const controllers = controllersOf(objects, context).filter(({ has }) => has("runsInShards"));
  const find = (name: string) => controllers.find((controller) => controller.name === name);
  const main = deployments.map(objects, (deployment) => {
    const controller = find(deployment.metadata.name);
    return controller ? withArgs(deployment, selecting(controller, `!${SHARDING_KEY}`)) : deployment;
  });
  const copies = deployments.of(objects).flatMap((deployment) => {
    const controller = find(deployment.metadata.name);
    return controller ? shards.map((shard) => copyFor(shard, deployment, controller)) : [];
  });
  return [...main, ...copies, ...shards.map((shard) => artifactService(shard, objects, context))];
};

/** The labels by which a Deployment selects its pods; none when it selects them otherwise. */
const podSelector = z.looseObject({ matchLabels: z.record(z.string(), z.string()) }).catch({ matchLabels: {} });

/** The Deployment of a controller for a shard, with labels of its own, so that no Service or policy takes one for all. */
function copyFor(shard: string, deployment: Deployment, controller: Controller): Deployment {
  const name = deploymentName(controller.name, shard);
  const own = { app: name, ...shardingLabels(shard) };
  const { spec } = deployment;
  const selector = podSelector.parse(spec.selector);
  if (selector.matchLabels.app !== controller.name) {
    throw controller.unexpected(`expected to select pods by the label app=${controller.name}`);
  }
  const { metadata } = spec.template;
  const copy = {
    ...deployment,
    metadata: { ...deployment.metadata, name, labels: { ...deployment.metadata.labels, ...shardingLabels(shard) } },
    spec: {
      ...spec,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, app: name } },
      template: { ...spec.template, metadata: { ...metadata, labels: { ...metadata.labels, ...own } } },
    },
  };
  const args = selecting(controller, `${SHARDING_KEY}=${shard}`);
  return withArgs(copy, controller.has("servesArtifacts") ? servingAs(name, args, controller) : args);
}

function selecting({ args, unexpected }: Controller, selector: string): string[] {
  if (flagValues(args, "watch-label-selector").length > 0) throw unexpected("has the argument --watch-label-selector");
  return [...args, `--watch-label-selector=${selector}`];
}

/** The address in the URLs of artifacts is that of the shard's own Service. */
function servingAs(name: string, args: readonly string[], { name: main, unexpected }: Controller): string[] {
  const [address = ""] = flagValues(args, "storage-adv-addr");
  if (!address.startsWith(`${main}.`))
    throw unexpected(`expected the Service ${main} in --storage-adv-addr=${address}`);
  return setFlag(args, "storage-adv-addr", `${name}${address.slice(main.length)}`);
}

function withArgs(deployment: Deployment, args: readonly string[]): Deployment {
  const { template } = deployment.spec;
  const containers = template.spec.containers.map((container) => ({ ...container, args: [...args] }));
  const spec = { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } };
  return { ...deployment, spec };
}

/** The Service of the shard's artifacts. */
function artifactService(shard: string, objects: Manifest, { unexpected }: HardenContext): KubernetesObject {
  const main = "source-controller";
  const service = services.of(objects).find(({ metadata }) => metadata.name === main);
  if (service?.spec.selector.app !== main)
    throw unexpected(`Service ${main}`, `expected to select pods by app=${main}`);
  const name = deploymentName(main, shard);
  const spec = { ...service.spec, selector: { ...service.spec.selector, app: name } };
  return withLabels({ ...service, metadata: { ...service.metadata, name }, spec }, shardingLabels(shard));
}
