import { type FieldPath, overlap, pathText } from "../../lib/kubernetes/field-path.js";
import { fluxCliKinds } from "../../lib/kubernetes/flux-cli-kind.js";
import { fieldsOfOthers, type HeldField, type LiveObject, type LiveObjects } from "../../lib/kubernetes/live-object.js";
import { FIELD_MANAGER } from "../../lib/kubernetes/ownership-labels.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { allowedFields } from "./api-defaults.js";
import { compareFields, type FieldDifference } from "./compare-fields.js";
import { differenceText } from "./difference-text.js";
import { type Finding, type FindingKind, finding } from "./finding.js";
import { objectText, type PlannedObject } from "./planned-objects.js";

const again = "pulumi up --refresh";

/**
 * The findings about objects of a plan: those that are missing, are being deleted, or differ in a field.
 * @param live objects of the kinds of the plan, by identity. Values of Secrets are left out
 */
export function findDrift(planned: readonly PlannedObject[], live: LiveObjects): Finding[] {
  const allowed = allowedFields(planned);
  return planned.flatMap((object) => {
    const found = live.get(object.identity);
    const name = objectText(object);
    const common = { object: name, owner: object.owner };
    if (found === undefined) {
      return [finding("object-missing", { ...common, difference: "does not exist", fix: `${again} creates it again` })];
    }
    if (found.metadata.deletionTimestamp !== undefined) {
      const difference = `is being deleted since ${found.metadata.deletionTimestamp}`;
      const fix = `remove its finalizers once their owner is gone, then ${again}`;
      return [finding("object-terminating", { ...common, difference, fix })];
    }
    const others = fieldsOfOthers(found, FIELD_MANAGER);
    const isSecret = object.kind === "Secret";
    const differences = compareFields(withoutValues(object), withoutValues(found), allowed(object));
    return [
      ...differences.map((one) => findingOf(object, one, others)),
      ...(isSecret ? contentFindings(object, found, others) : []),
    ];
  });
}

/** Values of a Secret are never compared: neither the plan nor the reader has them. */
function withoutValues(object: PlannedObject | LiveObject): unknown {
  const fields = "fields" in object ? (object as PlannedObject).fields : (object as LiveObject);
  const { data: _, stringData: __, ...rest } = fields as Readonly<Record<string, unknown>>;
  const isSecret = "fields" in object ? object.kind === "Secret" : isLiveSecret(object);
  return isSecret ? rest : fields;
}

/** Secrets alone have a type beside their metadata. */
function isLiveSecret(object: object): boolean {
  return "type" in object && !("spec" in object);
}

/**
 * The owner of a field in `managedFields` is the client that wrote its value last. A client can remove these notes, so a
 * key without a note counts as written by another one. Kubernetes itself writes a Secret whose content no file declares.
 */
function contentFindings(object: PlannedObject, found: LiveObject, others: readonly HeldField[]): Finding[] {
  if (object.fields.data === undefined && object.fields.stringData === undefined) return [];
  const written = others.filter(({ path: [top] }) => top === "data" || top === "stringData");
  const noted = ownContent(found);
  const unnoted = Object.keys((found.data ?? {}) as object).filter((key) => !noted.has(key));
  const keys = [...new Set([...written.map(({ path }) => String(path[1] ?? "all keys")), ...unnoted])].sort();
  if (keys.length === 0) return [];
  const by = written.length === 0 ? "a client that Kubernetes does not note" : holdersText(written);
  const difference = `its content (${keys.join(", ")}) was written by ${by}`;
  return [
    finding("secret-changed", { object: objectText(object), owner: object.owner, difference, fix: takesBack(object) }),
  ];
}

/** The keys of a Secret that Kubernetes notes as the program's. */
function ownContent({ metadata: { managedFields } }: LiveObject): ReadonlySet<string> {
  const own = managedFields.filter(({ manager, operation }) => manager === FIELD_MANAGER && operation === "Apply");
  const fields = own.flatMap(({ fieldsV1 }) => [fieldsV1["f:data"] ?? {}, fieldsV1["f:stringData"] ?? {}]);
  return new Set(fields.flatMap((one) => Object.keys(one).map((key) => key.replace(/^f:/, ""))));
}

function findingOf(object: PlannedObject, difference: FieldDifference, others: readonly HeldField[]): Finding {
  const { path, wanted } = difference;
  const holders = others.filter((held) => overlap(held.path, concrete(path)));
  const by = holders.length === 0 ? "" : `, written by ${holdersText(holders)}`;
  const place = pathText(path);
  const kind = kindOf(object, path, wanted === true);
  const fix =
    kind === "sync-suspended"
      ? `flux${inNamespace(object)} resume ${fluxCliKinds[object.kind] ?? object.kind.toLowerCase()} ${shellWord(object.metadata.name)}`
      : wanted === undefined
        ? `remove the field: kubectl edit ${object.kind.toLowerCase()} ${shellWord(object.metadata.name)}${inNamespace(object)}`
        : takesBack(object);
  return finding(kind, {
    object: objectText(object),
    owner: object.owner,
    difference: `${place} ${differenceText(difference)}${by}`,
    fix,
  });
}

/** The part of a path before the first name of a list's element, as `managedFields` has indices there. */
function concrete(path: FieldPath): FieldPath {
  const index = path.findIndex((step) =>
    ["containers", "initContainers", "volumes", "env", "ports"].includes(String(step)),
  );
  return index < 0 ? path : path.slice(0, index + 1);
}

function takesBack({ owner, isPatch }: PlannedObject): string {
  if (isPatch) return `${again} sets it again`;
  return owner.tenant === undefined ? `${again} takes it back` : `${again} takes it back; or change ${owner.file}`;
}

function inNamespace({ metadata: { namespace } }: PlannedObject): string {
  return namespace === undefined ? "" : ` --namespace ${shellWord(namespace)}`;
}

function holdersText(holders: readonly HeldField[]): string {
  const names = holders.map(({ manager, time }) => `${manager || "an unknown client"}${time ? ` at ${time}` : ""}`);
  return [...new Set(names)].join(" and ");
}

const byKind: Readonly<Record<string, FindingKind>> = {
  ClusterRole: "role-changed",
  ClusterRoleBinding: "binding-changed",
  ConfigMap: "configuration-changed",
  CustomResourceDefinition: "definition-changed",
  Deployment: "controller-changed",
  LimitRange: "limits-changed",
  NetworkPolicy: "network-changed",
  ResourceQuota: "quota-changed",
  Role: "role-changed",
  RoleBinding: "binding-changed",
  Secret: "secret-changed",
  Service: "service-changed",
  ValidatingAdmissionPolicy: "policy-changed",
  ValidatingAdmissionPolicyBinding: "policy-binding-changed",
};

/** @param isWanted whether a file sets the field to true: a sync that a file suspends or freezes was resumed then */
function kindOf({ kind, group }: PlannedObject, path: FieldPath, isWanted: boolean): FindingKind {
  const [top, field, name] = path;
  if (top === "metadata" && field === "labels") {
    return String(name).startsWith("pod-security.") ? "pod-security-changed" : "label-changed";
  }
  if (top === "metadata" && (field === "finalizers" || field === "ownerReferences")) return "object-tied";
  if (top === "metadata") return "annotation-changed";
  if (kind === "Deployment" && path.includes("args")) return "controller-flag";
  if (kind === "Deployment" && path.at(-1) === "image") return "controller-image";
  if (group.endsWith(".fluxcd.io")) return field === "suspend" && !isWanted ? "sync-suspended" : "sync-changed";
  return byKind[kind] ?? "configuration-changed";
}
