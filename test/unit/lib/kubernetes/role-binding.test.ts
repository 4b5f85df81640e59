import assert from "node:assert/strict";
import { roleBinding, serviceAccountSubject } from "../../../../lib/kubernetes/role-binding.js";

const metadata = { name: "deployers", namespace: "team-a" };
const subjects = [serviceAccountSubject("reconciler", "team-a")];

describe("roleBinding", () => {
  it("refers to a ClusterRole unless it is for a Role", () => {
    const kinds = [
      roleBinding({ metadata, role: "a", subjects }),
      roleBinding({ metadata, role: "a", roleKind: "Role", subjects }),
    ];
    assert.deepEqual(
      kinds.map(({ roleRef }) => roleRef),
      ["ClusterRole", "Role"].map((kind) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: "a" })),
    );
  });

  it("has the metadata and a copy of the subjects", () => {
    const binding = roleBinding({ metadata, role: "a", subjects });
    assert.deepEqual(binding.metadata, metadata);
    assert.deepEqual(binding.subjects, [{ kind: "ServiceAccount", name: "reconciler", namespace: "team-a" }]);
    assert.notEqual(binding.subjects, subjects);
  });
});
