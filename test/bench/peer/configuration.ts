import { manifestsOf } from "../manifests.js";
import type { RecordedResource } from "../state.js";
import { type Placed, placed } from "./addresses.js";
import { terraformArguments } from "./arguments.js";
import { allDependencies, directDependencies } from "./dependencies.js";
import { GeneratedKeys } from "./generated-keys.js";
import { manifestBlock, waitingBlock } from "./manifest-block.js";
import { requiredProviders } from "./recipes.js";

/** A block of OpenTofu's configuration, in its JSON syntax. */
export type Block = Readonly<Record<string, unknown>>;

/** The content of `main.tf.json`. */
export interface Configuration {
  readonly terraform: Block;
  readonly provider: Readonly<Record<string, Block>>;
  /** By type and name. */
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

/**
 * OpenTofu's configuration of the objects that the program made: the same objects of the cluster and of GitHub, with the
 * same dependencies and the same limits of requests. Only key pairs are new.
 * @param resources the state of the program
 * @throws Error for a resource that has no counterpart
 */
export function openTofuConfiguration(resources: readonly RecordedResource[]): Configuration {
  const all = placed(resources);
  const keys = new GeneratedKeys(all);
  const waits = new Map(all.map((one) => [one, waitOf(one)] as const));
  const addresses = new Map(all.map((one) => [one.resource.urn, waits.get(one)?.address ?? one.address]));
  const needed = allDependencies(resources);
  const dependencies = directDependencies(all.map(({ resource: { urn } }) => ({ urn, dependencies: needed.get(urn) })));
  const resource: Record<string, Record<string, Block>> = {};
  const add = (type: string, name: string, block: Block) => {
    resource[type] ??= {};
    resource[type][name] = block;
  };
  for (const one of all) {
    const needs = (dependencies.get(one.resource.urn) ?? []).flatMap((urn) => addresses.get(urn) ?? []);
    add(one.type, one.name, {
      ...argumentsOf(one, (text) => keys.template(text)),
      ...(needs.length === 0 ? {} : { depends_on: needs }),
      ...(one.resource.retainOnDelete ? { lifecycle: { destroy: false } } : {}),
    });
    const wait = waits.get(one);
    if (wait !== undefined) add("terraform_data", one.name, wait.block);
  }
  return {
    terraform: { required_providers: requiredProviders },
    provider: { github: githubProvider(resources), kubectl: {} },
    resource,
  };
}

/** The block that waits for a resource; its dependents depend on the block. Undefined when nothing waits. */
function waitOf({ name, address, resource }: Placed): { address: string; block: Block } | undefined {
  const [manifest] = manifestsOf([resource]);
  const block = manifest && waitingBlock(manifest.object, address);
  return block && { address: `terraform_data.${name}`, block };
}

function argumentsOf({ resource }: Placed, template: (text: string) => string): Block {
  const [manifest] = manifestsOf([resource]);
  return manifest ? manifestBlock(manifest, template) : (terraformArguments(resource.inputs, template) as Block);
}

/** The settings of the program's GitHub provider, which decide how many requests it sends at once. */
function githubProvider(resources: readonly RecordedResource[]): Block {
  const provider = resources.find(({ type }) => type === "pulumi:providers:github");
  if (provider === undefined) throw new Error("The state has no provider for GitHub.");
  const known = ["owner", "parallelRequests", "writeDelayMs"];
  const settings = Object.entries(provider.inputs).filter(([name]) => known.includes(name));
  return terraformArguments(Object.fromEntries(settings), (text) => text) as Block;
}
