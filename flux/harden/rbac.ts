import { z } from "zod";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";

const rule = z.looseObject({
  apiGroups: z.array(z.string()).exactOptional(),
  resources: z.array(z.string()).exactOptional(),
  nonResourceURLs: z.array(z.string()).exactOptional(),
  verbs: z.array(z.string()),
});
const subject = z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().exactOptional() });
const roleRef = z.looseObject({ kind: z.string(), name: z.string() });

/** A rule of a ClusterRole. */
export type PolicyRule = z.infer<typeof rule>;
/** A subject of a ClusterRoleBinding. */
export type Subject = z.infer<typeof subject>;

/** A ClusterRole with validated rules. */
export interface ClusterRole extends KubernetesObject {
  readonly rules: readonly PolicyRule[];
}

/** A ClusterRoleBinding with a validated role reference and subjects. */
export interface ClusterRoleBinding extends KubernetesObject {
  readonly roleRef: z.infer<typeof roleRef>;
  readonly subjects: readonly Subject[];
}

/** Changes every ClusterRole and leaves the other objects alone. */
export function mapClusterRoles(
  objects: readonly KubernetesObject[],
  change: (role: ClusterRole) => KubernetesObject,
): KubernetesObject[] {
  return objects.map((object) => {
    if (object.kind !== "ClusterRole") return object;
    return change({ ...object, rules: checked(object, "rules", z.array(rule)) });
  });
}

/** Changes every ClusterRoleBinding and leaves the other objects alone. */
export function mapClusterRoleBindings(
  objects: readonly KubernetesObject[],
  change: (binding: ClusterRoleBinding) => KubernetesObject,
): KubernetesObject[] {
  return objects.map((object) => (object.kind === "ClusterRoleBinding" ? change(asBinding(object)) : object));
}

/** Every ClusterRoleBinding. */
export function clusterRoleBindings(objects: readonly KubernetesObject[]): ClusterRoleBinding[] {
  return objects.filter(({ kind }) => kind === "ClusterRoleBinding").map(asBinding);
}

function asBinding(object: KubernetesObject): ClusterRoleBinding {
  return {
    ...object,
    roleRef: checked(object, "roleRef", roleRef),
    subjects: checked(object, "subjects", z.array(subject)),
  };
}

function checked<T>(object: KubernetesObject, field: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(object[field]);
  if (result.success) return result.data;
  throw new FleetError(
    result.error.issues.map((issue) => ({
      file: objectName(object),
      path: [field, ...issue.path.map(String)].join("."),
      message: issue.message,
    })),
  );
}
