import assert from "node:assert/strict";
import { pluralOf } from "../../../lib/kubernetes/api-paths.js";
import type { ObjectType } from "../../../lib/kubernetes/live-object.js";
import { kindKey, listsFor } from "../../../preflight/cluster-kinds.js";
import { registeredObjects } from "../../../preflight/registered-objects.js";
import { previewer, previewerObjects, type RoleRule } from "../../support/previewer-role.js";
import { everything } from "../../support/unit/everything.js";
import { hardenedMadeUpFlux, root } from "../../support/unit/fleet.js";

describe("the role of an account that only previews, in docs/review.md", () => {
  const objects = previewerObjects(root);
  const [role] = objects.filter(({ kind }) => kind === "ClusterRole");
  const rules = (role as unknown as { readonly rules: readonly RoleRule[] }).rules;

  it("comes with its account, and with a binding to nothing else", () => {
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding"],
    );
    const { roleRef, subjects } = objects.at(-1) as unknown as {
      readonly roleRef: object;
      readonly subjects: object[];
    };
    assert.deepEqual(roleRef, { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: previewer });
    assert.deepEqual(subjects, [{ kind: "ServiceAccount", name: previewer, namespace: previewer }]);
  });

  it("reads each kind that a preview reads, but no Secret, and nothing else", () => {
    const spec = everything();
    const kinds: readonly ObjectType[] = [...registeredObjects(spec, hardenedMadeUpFlux(spec)), ...listsFor({})];
    const named = (group: string, plural: string) => `${plural}.${group === "core" ? "" : group}`;
    const read = new Map(kinds.map((one) => [kindKey(one), named(one.group, pluralOf(one))]));
    assert.ok(read.delete("Secret.core"));
    const allowed = rules.flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((resource) => named(group, resource))),
    );
    assert.deepEqual([...allowed].sort(), [...read.values()].sort());
  });

  it("only gets and lists", () => {
    for (const { verbs } of rules) assert.deepEqual(verbs, ["get", "list"]);
  });
});
