import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { clusterState, onCluster, someTime, type TestObject } from "../../support/unit/cluster.js";
import { drift, kubectl, pods, quota } from "../../support/unit/drifted-quota.js";

describe("the messages of findDrift", () => {
  it("prints a command in which a key with a quote is a key, and no second command", () => {
    const sync = (substitute: object): TestObject => ({
      type: "kustomize.toolkit.fluxcd.io/v1:Kustomization",
      name: "team-a",
      namespace: "team-a",
      spec: { postBuild: { substitute } },
    });
    const key = "x'; touch pwned; '";
    const fieldsV1 = { "f:spec": { "f:postBuild": { "f:substitute": { [`f:${key}`]: {} } } } };
    const [sentence = ""] = drift(
      clusterState(sync({})),
      onCluster(sync({ [key]: "y" }), { manager: "kubectl-edit", fieldsV1 }),
    ).sentences;
    const [, command = ""] = /(--patch .*)$/.exec(sentence) ?? [];
    const words = execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" })
      .trimEnd()
      .split("\n");
    assert.deepEqual(words, ["--patch", JSON.stringify([{ op: "remove", path: `/spec/postBuild/substitute/${key}` }])]);
  });

  it("says that Flux would apply a change of a repository again, which no update ends", () => {
    const by = (manager: string) => drift(clusterState(quota()), onCluster(quota("500"), { manager, fieldsV1: pods }));
    const [sentence = ""] = by("kustomize-controller").sentences;
    assert.match(
      sentence,
      / takes it back\. Flux then applies it again: remove the object, or a patch of it, from the repository\.$/,
    );
    assert.doesNotMatch(by("kubectl").sentences[0] ?? "", /Flux/);
  });

  it("names an object that is being deleted, which no update can take back", () => {
    const [identity, object] = onCluster(quota("500"), kubectl);
    const metadata = { ...object.metadata, deletionTimestamp: someTime };
    const found = drift(clusterState(quota()), [identity, { ...object, metadata }]);
    assert.deepEqual(found.sentences, [
      "The ResourceQuota tenant in the namespace team-a is being deleted, so an update cannot restore it now. When it is gone, the next update creates it again.",
    ]);
    assert.deepEqual([found.notes.size, found.deleted.size], [0, 0]);
  });

  it("counts the elements of a list that has others", () => {
    const binding = (...subjects: readonly string[]): TestObject => ({
      type: "rbac.authorization.k8s.io/v1:RoleBinding",
      name: "viewers",
      namespace: "team-a",
      subjects,
    });
    const [sentence] = drift(clusterState(binding("a")), onCluster(binding("a", "b"))).sentences;
    assert.match(sentence ?? "", /: subjects has 2 elements instead of 1\. /);
  });

  it("lists three fields and counts the others, and repeats no long value", () => {
    const wanted = { a: 1, b: 2, c: 3, d: 4, e: 5 };
    const live = { a: "x".repeat(100), b: 0, c: 0, d: 0, e: 0 };
    const [sentence] = drift(
      clusterState({ ...quota(), spec: wanted }),
      onCluster({ ...quota(), spec: live }),
    ).sentences;
    assert.match(
      sentence ?? "",
      /: spec\.a has another value, spec\.b is 0 instead of 2, spec\.c is 0 instead of 3, 2 more\. /,
    );
  });
});
