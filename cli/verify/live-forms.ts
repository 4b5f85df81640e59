import { z } from "zod";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { RBAC_GROUP } from "../../lib/kubernetes/role-binding.js";

const texts = z.array(z.string());
const role = z.object({
  rules: z
    .array(
      z.object({
        verbs: texts,
        apiGroups: texts.optional(),
        resources: texts.optional(),
        resourceNames: texts.optional(),
        nonResourceURLs: texts.optional(),
      }),
    )
    .nullish(),
});
const binding = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
});
const inventory = z.object({ entries: z.array(z.object({ id: z.string() })).nullish() });

/** The fields of live objects on which judgements rely, by `KIND.GROUP`. Other fields are only compared. */
const forms: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ...["Role", "ClusterRole"].map((kind) => [`${kind}.${RBAC_GROUP}`, role] as const),
  ...["RoleBinding", "ClusterRoleBinding"].map((kind) => [`${kind}.${RBAC_GROUP}`, binding] as const),
  [
    "Kustomization.kustomize.toolkit.fluxcd.io",
    z.object({ status: z.object({ inventory: inventory.nullish() }).nullish() }),
  ],
]);

/** The place of a field that has another form than that of Kubernetes or of Flux. Undefined where all are sound. */
export function unknownField(group: string, kind: string, object: LiveObject): string | undefined {
  const error = forms.get(`${kind}.${group}`)?.safeParse(object).error;
  return error?.issues[0]?.path.join(".");
}
