import { isDeepStrictEqual } from "node:util";
import { isPlainObject } from "../../lib/data/merge.js";
import type { FieldPath } from "../../lib/kubernetes/field-path.js";
import type { ObjectType } from "../../lib/kubernetes/live-object.js";
import { MADE_BY_UPDATE } from "../../lib/kubernetes/ownership-labels.js";
import type { IsAllowed } from "./compare-fields.js";
import type { PlannedObject } from "./planned-objects.js";

/**
 * Values that the API server adds to objects of its own kinds, by the name of the field.
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/
 */
const defaults: Readonly<Record<string, readonly unknown[]>> = {
  apiGroup: ["rbac.authorization.k8s.io"],
  apiVersion: ["v1"],
  defaultMode: [420],
  divisor: ["0"],
  dnsPolicy: ["ClusterFirst"],
  failureThreshold: [3],
  imagePullPolicy: ["IfNotPresent"],
  internalTrafficPolicy: ["Cluster"],
  ipFamilyPolicy: ["SingleStack"],
  matchPolicy: ["Equivalent"],
  maxSurge: ["25%"],
  maxUnavailable: ["25%"],
  parameterNotFoundAction: ["Deny"],
  periodSeconds: [10],
  progressDeadlineSeconds: [600],
  protocol: ["TCP"],
  replicas: [1],
  restartPolicy: ["Always"],
  revisionHistoryLimit: [10],
  schedulerName: ["default-scheduler"],
  scheme: ["HTTP"],
  scope: ["*"],
  sessionAffinity: ["None"],
  strategy: [{ type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } }],
  successThreshold: [1],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ["/dev/termination-log"],
  terminationMessagePolicy: ["File"],
  timeoutSeconds: [1],
  type: ["ClusterIP", "Opaque", "RollingUpdate"],
};

/** Fields whose value the API server, or one of its controllers, chooses. */
const chosen: Readonly<Record<string, readonly string[]>> = {
  Service: ["clusterIP", "clusterIPs", "ipFamilies"],
  // OpenShift, and older versions of Kubernetes, add references to Secrets.
  ServiceAccount: ["secrets", "imagePullSecrets"],
  Namespace: ["spec"],
};

/**
 * Labels and annotations that only the platform may write: a further one counts as a change. A shard's label hides an
 * object of Flux from its controller, the label of an aggregation adds a role's rules to another role, and annotations of
 * the scheduler choose the nodes of a namespace.
 */
const guarded = [
  "fleet.dev/",
  "pod-security.kubernetes.io/enforce",
  "rbac.authorization.k8s.io/aggregate-to-",
  "scheduler.alpha.kubernetes.io/",
  "sharding.fluxcd.io/",
];
/** Finalizers that controllers set on objects of these groups, which remove them once their work is done. */
const finalizersOf: Readonly<Record<string, readonly string[]>> = {
  core: ["service.kubernetes.io/load-balancer-cleanup"],
  fluxcd: ["finalizers.fluxcd.io"],
};
const takenBack = "fleet.dev/taken-back";
/** Annotations by which kubectl and Pulumi's provider note how they applied an object. */
const ofTools = ["kubectl.kubernetes.io/", "pulumi.com/"];

/** Returns for an object which of its undeclared fields are allowed. */
export type AllowedFields = (object: PlannedObject) => IsAllowed;

/**
 * The undeclared fields that objects of a plan may have: defaults of Kubernetes, and for the kinds of Flux the defaults of
 * their definitions in the same plan.
 */
export function allowedFields(planned: readonly PlannedObject[]): AllowedFields {
  const schemas = new Map(planned.flatMap(schemasOf));
  return (object) => {
    const schema = schemas.get(kindKey(object));
    return ([top, ...rest], live, siblings) => {
      if (top === "metadata") return isAllowedMetadata(object, rest, live);
      if (rest.length === 0 && ["apiVersion", "kind", "status"].includes(String(top))) return true;
      // The program adds fields to an object of others, whose remaining fields are theirs.
      if (object.isPatch || top === undefined) return true;
      return schema === undefined
        ? isDefault(object.kind, [top, ...rest], live, siblings)
        : isDeepStrictEqual(defaultAt(schema, [top, ...rest]), live);
    };
  };
}

function isAllowedMetadata({ kind, group, isPatch }: PlannedObject, [field, name]: FieldPath, live: unknown): boolean {
  if (isPatch) return true;
  // The garbage collector deletes an object with its owner. The program gives no object an owner.
  if (field === "ownerReferences") return false;
  if (field === "finalizers") {
    const known = finalizersOf[group.endsWith(".fluxcd.io") ? "fluxcd" : group] ?? [];
    return Array.isArray(live) && live.every((one) => known.includes(String(one)));
  }
  if ((field !== "labels" && field !== "annotations") || name === undefined) return true;
  const key = String(name);
  if (key === takenBack || (kind === "GitRepository" && MADE_BY_UPDATE.includes(key))) return true;
  // Clouds give rights by annotations of accounts.
  if (kind === "ServiceAccount" && field === "annotations") return ofTools.some((start) => key.startsWith(start));
  // OpenShift sets further labels of Pod Security, which only warn.
  return !guarded.some((start) => key.startsWith(start));
}

function isDefault(kind: string, path: FieldPath, live: unknown, siblings: Readonly<Record<string, unknown>>): boolean {
  const name = String(path.at(-1));
  if (chosen[kind]?.some((field) => path.includes(field))) return true;
  if (kind === "CustomResourceDefinition") return isDefinitionDefault(path, live, siblings);
  if (name === "serviceAccount") return live === siblings.serviceAccountName;
  if (name === "targetPort") return live === siblings.port;
  if (name === "policyTypes") return isDeepStrictEqual(live, derivedTypes(siblings));
  if (name === "finalizers") return isDeepStrictEqual(live, ["kubernetes"]);
  return defaults[name]?.some((value) => isDeepStrictEqual(value, live)) ?? false;
}

/**
 * A conversion by a webhook reads and writes every object of the kind, so it is no default.
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apis/apiextensions/v1/defaults.go
 */
function isDefinitionDefault(path: FieldPath, live: unknown, siblings: Readonly<Record<string, unknown>>): boolean {
  switch (path.join(".")) {
    case "spec.conversion":
      return isDeepStrictEqual(live, { strategy: "None" });
    case "spec.names.singular":
      return live === String(siblings.kind).toLowerCase();
    case "spec.names.listKind":
      return live === `${siblings.kind}List`;
    default:
      return false;
  }
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
function derivedTypes({ egress }: Readonly<Record<string, unknown>>): string[] {
  return Array.isArray(egress) && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function kindKey({ group, version, kind }: ObjectType): string {
  return `${group}/${version}/${kind}`;
}

/** The schemas of a definition by their kinds. */
function schemasOf({ kind, fields }: PlannedObject): [string, unknown][] {
  if (kind !== "CustomResourceDefinition" || !isPlainObject(fields.spec)) return [];
  const { group, names, versions } = fields.spec;
  const defined = isPlainObject(names) ? String(names.kind) : "";
  return (Array.isArray(versions) ? versions : []).flatMap((one: unknown): [string, unknown][] => {
    if (!isPlainObject(one) || !isPlainObject(one.schema)) return [];
    const key = kindKey({ group: String(group), version: String(one.name), kind: defined });
    return [[key, one.schema.openAPIV3Schema]];
  });
}

/** The default of a field in a schema. Undefined when it has none. */
function defaultAt(schema: unknown, [step, ...rest]: FieldPath): unknown {
  if (!isPlainObject(schema)) return undefined;
  if (step === undefined) return schema.default;
  const { properties, items } = schema;
  if (items !== undefined) return defaultAt(items, rest);
  return isPlainObject(properties) ? defaultAt(properties[String(step)], rest) : undefined;
}
