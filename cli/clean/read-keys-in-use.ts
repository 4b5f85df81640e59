import { z } from "zod";
import { keyMaterial, publicHalf } from "../../lib/github/public-key.js";
import { groupPath, pluralOf } from "../../lib/kubernetes/api-paths.js";
import type { ObjectType } from "../../lib/kubernetes/live-object.js";
import type { ApiClient } from "../cluster/api-client.js";
import { ClusterError, foreignAnswer } from "../cluster/cluster-error.js";
import { readPages } from "../cluster/read-pages.js";
import { CouldNotLookError } from "../exit-code.js";
import { messageIn, missingRight, unanswered } from "../verify/cluster-refusal.js";

/** The keys and receivers that a cluster uses. No private key is among them. */
export interface KeysInUse {
  /** Names of Secrets, `NAMESPACE/NAME`, by the public halves of their keys, without comment. */
  readonly secretKeys: ReadonlyMap<string, string>;
  /** Paths of Receivers: `/hook/…`. */
  readonly receiverPaths: ReadonlySet<string>;
}

const secrets: ObjectType = { group: "core", version: "v1", kind: "Secret" };
const receivers: ObjectType = { group: "notification.toolkit.fluxcd.io", version: "v1", kind: "Receiver" };
/** Begin of a private key in OpenSSH's format, in base64. */
const opensshBegin = Buffer.from("-----BEGIN OPENSSH PRIVATE KEY").toString("base64");
const place = z.object({ name: z.string(), namespace: z.string() });
const secret = z.object({ metadata: place, data: z.record(z.string(), z.string()).nullish() });
const receiver = z.object({ status: z.object({ webhookPath: z.string().optional() }).nullish() });

/**
 * Reads the public halves of all keys in Secrets of a cluster, in any namespace, and the paths of its Receivers.
 * @throws CouldNotLookError for a missing right, and for a key whose public half is unknown: it could be any
 */
export async function readKeysInUse(client: ApiClient): Promise<KeysInUse> {
  const found = await listAll(client, secrets, secret);
  const secretKeys = found.flatMap((one) => {
    const { namespace, name } = one.metadata;
    return keysOf(one).map((material) => [material, `${namespace}/${name}`] as const);
  });
  const paths = (await listAll(client, receivers, receiver)).flatMap(({ status }) => status?.webhookPath ?? []);
  return { secretKeys: new Map(secretKeys), receiverPaths: new Set(paths) };
}

/**
 * The public halves of a Secret's keys. Flux reads `identity`; a copy of a key can have any name, such as the
 * `ssh-privatekey` of a Secret of type `kubernetes.io/ssh-auth`.
 */
function keysOf({ metadata, data }: z.infer<typeof secret>): readonly string[] {
  const { identity = "", "identity.pub": line = "" } = data ?? {};
  const copies = Object.values(data ?? {}).filter((value) => value.startsWith(opensshBegin));
  const halves = [identity, ...copies].map((value) => publicHalf(decoded(value)));
  const known = [line && keyMaterial(decoded(line)), ...halves].flatMap((half) => (half ? [half] : []));
  // No client of SSH reads a private key in another form than PEM.
  if (known.length > 0 || !/-----BEGIN /.test(decoded(identity))) return known;
  const message = "has a private key (identity) whose public half is unknown, so no deploy key is known to be unused";
  const file = `Secret ${metadata.namespace}/${metadata.name}`;
  throw new CouldNotLookError([{ file, path: "", message, fix: "Add its public half as identity.pub, or remove it" }]);
}

function decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

/** Every object of a kind. */
async function listAll<Item>(client: ApiClient, type: ObjectType, form: z.ZodType<Item>): Promise<Item[]> {
  const pages = await readPages(client, `${groupPath(type)}/${pluralOf(type)}`);
  if ("fault" in pages) throw new ClusterError(pages.fault);
  if ("refusal" in pages) {
    const { status, body } = pages.refusal;
    if (status === 403) throw missingRight(client.server, `list ${pluralOf(type)} -A`, messageIn(body));
    throw unanswered(client.server, `list its ${pluralOf(type)}`, pages.refusal);
  }
  const parsed = z.array(form).safeParse(pages.items);
  if (!parsed.success) throw new ClusterError(foreignAnswer);
  return parsed.data;
}
