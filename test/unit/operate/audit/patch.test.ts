import assert from "node:assert/strict";
import { shellWord } from "../../../../lib/process/shell-word.js";
import { deletion, jsonPatch, mergePatch } from "../../../../operate/audit/patch.js";
import { liveObject } from "../../../support/unit/audited-cluster.js";

describe("commands of an audit", () => {
  it("keep a name that ends a quoted word, or looks like a flag, in its place", () => {
    assert.equal(shellWord("a'; rm -rf /; '"), `'a'\\''; rm -rf /; '\\'''`);
    const flag = { kind: "ClusterRoleBinding", object: liveObject({ name: "--all" }) } as const;
    assert.equal(deletion(flag), "kubectl delete clusterrolebindings.rbac.authorization.k8s.io/--all");
    const shell = { kind: "ClusterRoleBinding", object: liveObject({ name: "$(id)" }) } as const;
    assert.equal(deletion(shell), "kubectl delete 'clusterrolebindings.rbac.authorization.k8s.io/$(id)'");
  });

  it("patch an object of a namespace", () => {
    const sync = { kind: "Kustomization", object: liveObject({ namespace: "a", name: "app" }) } as const;
    const object = "kustomizations.kustomize.toolkit.fluxcd.io/app --namespace a";
    assert.equal(
      mergePatch(sync, { spec: { suspend: false } }),
      `kubectl patch ${object} --type merge --patch '{"spec":{"suspend":false}}'`,
    );
    assert.equal(
      jsonPatch(sync, [{ op: "remove", path: "/spec/x" }]),
      `kubectl patch ${object} --type json --patch '[{"op":"remove","path":"/spec/x"}]'`,
    );
  });
});
