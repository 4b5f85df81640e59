import { Document, isMap, type Node, type Pair, Scalar, type YAMLMap } from "yaml";
import { definedOnly } from "../../lib/data/defined-only.js";
import { isPlainObject } from "../../lib/data/merge.js";
import { MADE_BY_UPDATE } from "../../lib/kubernetes/ownership-labels.js";
import { isSecretMark, MADE_UP_KEY, type PlannedResource } from "../../review/planned-resource.js";

/** Annotations of Pulumi's Kubernetes provider. They are instructions for it, and mean nothing to other clients. */
const pulumiAnnotation = /^pulumi\.com\//;

/** Kinds that others need, in the order in which an empty cluster takes them. All other kinds follow. */
const firstKinds = [
  "Namespace",
  "CustomResourceDefinition",
  "ServiceAccount",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "LimitRange",
  "ConfigMap",
  "Secret",
];

/** Stands for a secret value of an object that is no Secret. */
const HIDDEN = "<secret>";

/** A Kubernetes object of a plan, as data. */
interface PlannedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/**
 * The Kubernetes objects of a plan as a stream of YAML documents. Equal plans have equal bytes.
 *
 * The values of a Secret are a comment, not a placeholder: `kubectl apply` would write a placeholder over the real value.
 */
export function renderManifests(resources: readonly PlannedResource[]): string {
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:")).map(objectOf);
  return objects
    .sort(byOrder)
    .map((object) => `---\n${objectText(object)}`)
    .join("");
}

function objectOf({ inputs }: PlannedResource): PlannedObject {
  const object = inputs as unknown as PlannedObject;
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(
    ([key]) => !pulumiAnnotation.test(key) && !MADE_BY_UPDATE.includes(key),
  );
  const { annotations: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: { ...metadata, ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }) },
  };
}

function byOrder(a: PlannedObject, b: PlannedObject): number {
  const [one, other] = [orderOf(a), orderOf(b)];
  const index = one.findIndex((part, at) => part !== other[at]);
  return index < 0 ? 0 : (one[index] ?? "") < (other[index] ?? "") ? -1 : 1;
}

function orderOf({ apiVersion, kind, metadata }: PlannedObject): readonly (string | number)[] {
  const rank = firstKinds.indexOf(kind);
  const { namespace = "", name } = metadata;
  return [rank < 0 ? firstKinds.length : rank, kind, apiVersion, namespace, name];
}

function objectText(object: PlannedObject): string {
  const document = new Document(sorted(object), bothVersions);
  const hidden = object.kind === "Secret" ? hideValues(document.contents) : [];
  const comment = hidden.map((field) => `# ${field}: secret, so this page leaves it out.\n`).join("");
  return `${document.toString({ lineWidth: 0 })}${comment}`;
}

/** Removes the secret fields of a Secret. @returns their names */
function hideValues(contents: Node | null): readonly string[] {
  if (!isMap(contents)) return [];
  const hidden = (contents as YAMLMap).items.filter((pair) => isHidden(pair));
  for (const pair of hidden) contents.delete(pair.key);
  return hidden.map(({ key }) => String(key));
}

function isHidden({ value }: Pair): boolean {
  return value instanceof Scalar && value.value === HIDDEN;
}

/** The same data with its keys in a stable order. The head of an object goes first, as people write it. */
function sorted(value: unknown): unknown {
  if (isSecretMark(value)) return HIDDEN;
  if (Array.isArray(value)) return value.map(sorted);
  if (!isPlainObject(value)) return value;
  const fields = Object.entries(value).sort(([a], [b]) => keyRank(a) - keyRank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, field]) => [key, sorted(field)]));
}

/**
 * kubectl and many policy tools read YAML 1.1, where `on`, `y` and `0b1` are no texts. Texts that either version takes for
 * something else get quotes.
 * @see https://yaml.org/type/bool.html
 */
const bothVersions = { aliasDuplicateObjects: false, compat: "yaml-1.1" } as const;

const headKeys = ["apiVersion", "kind", "metadata"];

function keyRank(key: string): number {
  const index = headKeys.indexOf(key);
  return index < 0 ? headKeys.length : index;
}

/** Stands for the public half of a deploy key. */
const UNKNOWN_KEY = "<made by the first update>";

/** A resource that is no object of the cluster, as {@link renderGitHub} prints it. */
interface RenderedResource {
  readonly type: string;
  readonly name: string;
  readonly tenant?: string;
  readonly inputs: unknown;
}

/** Types of resources outside the cluster: at GitHub, and the key pairs of the state. */
const outsideCluster = /^(?:github|tls):/;

/**
 * The resources of a plan outside the cluster as one YAML list: type and inputs as Pulumi's provider has them, name, and
 * tenant. Equal plans have equal bytes.
 */
export function renderGitHub(resources: readonly PlannedResource[]): string {
  const rendered: RenderedResource[] = resources
    .filter(({ type }) => outsideCluster.test(type))
    .map(({ type, name, tenant, inputs }) => {
      const shown = inputs.key === MADE_UP_KEY ? { ...inputs, key: UNKNOWN_KEY } : inputs;
      return { type, name, ...definedOnly({ tenant }), inputs: sorted(shown) };
    })
    .sort((a, b) => (a.type === b.type ? (a.name < b.name ? -1 : 1) : a.type < b.type ? -1 : 1));
  return new Document(rendered, bothVersions).toString({ lineWidth: 0 });
}
