import assert from "node:assert/strict";
import type { RequestOptions } from "node:https";
import { Agent, fetch, type RequestInit } from "undici";
import { z } from "zod";
import type { KubernetesClients } from "./kubernetes-clients.js";
import { waitFor } from "./wait-for.js";

const objectFacts = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.number().optional(),
  spec: z.unknown().optional(),
  labels: z.record(z.string(), z.string()).default({}),
});

/** The fields that distinguish two states of an object. */
export type ObjectFacts = z.infer<typeof objectFacts>;

/** Every object of a cluster: `RESOURCE.GROUP NAMESPACE/NAME` → what is known of it. */
export type Inventory = ReadonlyMap<string, ObjectFacts>;

const discovery = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default("") }),
      versions: z.array(
        z.object({
          version: z.string(),
          resources: z.array(z.object({ resource: z.string(), verbs: z.array(z.string()) })).default([]),
        }),
      ),
    }),
  ),
});
// Go writes an empty list of objects as null.
const objectList = z.object({
  items: z.array(z.object({ metadata: objectFacts, spec: z.unknown().optional() }).transform(withSpec)).nullable(),
});

function withSpec({ metadata, spec }: { metadata: ObjectFacts; spec?: unknown }) {
  return { metadata: { ...metadata, spec } };
}

/** Objects that Kubernetes itself creates and removes; a component's status is not a stored object at all. */
const noise = ["events", "events.events.k8s.io", "componentstatuses"];

/**
 * Everything that is on a cluster, of every kind that it serves, as its administrator sees it.
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
export async function clusterInventory(kubernetes: KubernetesClients): Promise<Inventory> {
  const options: RequestOptions = {};
  await kubernetes.admin.applyToHTTPSOptions(options);
  const { ca, cert, key } = options;
  const agent = new Agent({ connect: { ca, cert, key } as { ca: Buffer; cert: Buffer; key: Buffer } });
  try {
    const get: Get = (path, accept) =>
      getJson(new URL(path, kubernetes.admin.getCurrentCluster()?.server), { dispatcher: agent, headers: { accept } });
    const resources = await listableResources(get);
    const lists = await Promise.all(
      resources.map(async ({ type, path }) => {
        // Metadata is enough, except where fingerprint() compares the spec.
        const whole = type === "resourcequotas";
        const form = whole ? "application/json" : "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
        const list = await get(path, form);
        return (objectList.parse(list).items ?? []).map(({ metadata }) => [named(type, metadata), metadata] as const);
      }),
    );
    return new Map(lists.flat());
  } finally {
    await agent.close();
  }
}

/** Reads a path of the API server in a form. */
type Get = (path: string, accept: string) => Promise<unknown>;

async function getJson(url: URL, request: RequestInit): Promise<unknown> {
  // A kind whose CRD has just come is answered with 429 until the API server has read what there is of it.
  const response = await waitFor(
    async () => {
      const answer = await fetch(url, request);
      return answer.status !== 429 && answer;
    },
    { describe: () => `GET ${url.pathname} is answered with 429` },
  );
  // A kind whose CRD has just gone has no objects.
  if (response.status === 404) return { items: [] };
  assert.ok(response.ok, `GET ${url.pathname} was answered with ${response.status}: ${await response.clone().text()}`);
  return response.json();
}

/** Every resource whose objects can be listed, with its path. */
async function listableResources(get: Get) {
  const groups = await Promise.all(
    ["/api", "/apis"].map(async (root) => {
      const found = await get(root, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
      return discovery.parse(found).items.map((group) => ({ root, group }));
    }),
  );
  return groups.flat().flatMap(({ root, group }) => {
    // The first version is the preferred one; another may have kinds of its own, which no part of this fleet uses.
    const [preferred] = group.versions;
    const { name } = group.metadata;
    return (preferred?.resources ?? [])
      .filter(({ verbs }) => verbs.includes("list"))
      .map(({ resource }) => ({
        type: name === "" ? resource : `${resource}.${name}`,
        path: [root, name, preferred?.version, resource].filter((part) => part !== "").join("/"),
      }))
      .filter(({ type }) => !noise.includes(type));
  });
}

/** The names of all objects, sorted. */
export function namesOf(inventory: Inventory): string[] {
  return [...inventory.keys()].sort();
}

/**
 * Everything that is on a bare cluster once Kubernetes has made what it makes by itself: eight looks in a row, all alike.
 */
export async function settledInventory(kubernetes: KubernetesClients): Promise<Inventory> {
  let alike = 0;
  let last = "";
  return waitFor(
    async () => {
      const inventory = await clusterInventory(kubernetes);
      const names = namesOf(inventory).join("\n");
      alike = names === last ? alike + 1 : 0;
      last = names;
      const complete = [...inventory.values()].some(({ name }) => name === "kube-root-ca.crt");
      return complete && alike >= 7 && inventory;
    },
    { timeout: 120_000, describe: () => `the objects of the cluster keep changing:\n${last}` },
  );
}

/**
 * The program's objects with a label, in a form that stays the same as long as no one changes them.
 *
 * Flux writes to the status of its own objects, so their generation counts, which follows the spec alone. Kubernetes
 * counts in the status of quotas, which have no generation: there the spec itself is compared.
 */
export function fingerprints(inventory: Inventory, label: string, value: string): Record<string, string> {
  return Object.fromEntries(
    [...inventory]
      .filter(([, { labels }]) => labels[label] === value)
      .map(([name, facts]) => [name, fingerprint(name, facts)]),
  );
}

function fingerprint(name: string, { uid, resourceVersion, generation, spec }: ObjectFacts): string {
  if (name.includes(".toolkit.fluxcd.io ")) return `${uid} generation ${generation}`;
  if (name.startsWith("resourcequotas ")) return `${uid} ${JSON.stringify(spec)}`;
  return `${uid} version ${resourceVersion}`;
}

function named(type: string, { namespace, name }: ObjectFacts): string {
  return `${type} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
