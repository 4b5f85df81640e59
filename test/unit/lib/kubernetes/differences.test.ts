import assert from "node:assert/strict";
import { additions, differences } from "../../../../lib/kubernetes/differences.js";
import { pathPointer, pathText } from "../../../../lib/kubernetes/field-path.js";
import { fieldsOfOthers, type HeldField, type OwnedFields } from "../../../../lib/kubernetes/live-object.js";

const texts = (versions: Parameters<typeof differences>[0], others: readonly HeldField[] = []) =>
  differences(versions, others).map(({ path, wanted, live }) => `${pathText(path)}: ${wanted} ${live}`);

describe("differences", () => {
  it("are the fields of the inputs that have another value, or none, on the cluster", () => {
    const wanted = { spec: { hard: { pods: "50", "count/jobs": "5" }, scopes: ["A"] }, labels: { a: "1" } };
    const live = { spec: { hard: { pods: "500", "count/jobs": "5" }, scopes: ["B"] }, labels: {} };
    assert.deepEqual(texts({ wanted, stated: wanted, live }), [
      "spec.hard.pods: 50 500",
      "spec.scopes[0]: A B",
      "labels.a: 1 undefined",
    ]);
  });

  it("are no values that the API server writes in another form, nor fields that it adds or leaves out", () => {
    const wanted = { cpu: "1000m", egress: [], ports: [{ port: 53 }] };
    const stated = { cpu: "1", ports: [{ port: 53, protocol: "TCP" }], status: {} };
    assert.deepEqual(texts({ wanted, stated, live: stated }), []);
  });

  it("are none where the cluster has the program's value, and the state another", () => {
    assert.deepEqual(texts({ wanted: { a: 1 }, stated: { a: 2 }, live: { a: 1 } }), []);
  });

  it("are found in a longer list that a refresh wrote into the state", () => {
    const wanted = { subjects: [{ kind: "Group" }] };
    const live = { subjects: [{ kind: "Group" }, { kind: "User" }] };
    const others = [{ path: ["subjects"], manager: "kubectl-edit" }];
    assert.equal(texts({ wanted, stated: live, live }, others).length, 1);
    assert.deepEqual(texts({ wanted, stated: live, live }), [], "a list that no other client owns");
  });

  it("compare elements with names by these, wherever they stand", () => {
    const wanted = {
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
    };
    const live = {
      env: [
        { name: "X", value: "9" },
        { name: "B", value: "3" },
      ],
    };
    assert.deepEqual(texts({ wanted, stated: wanted, live }), [
      "env.A: [object Object] undefined",
      "env[1].value: 2 3",
    ]);
  });
});

describe("additions", () => {
  const owned = (fieldsV1: OwnedFields, live: object) =>
    fieldsOfOthers(
      {
        metadata: {
          name: "a",
          labels: {},
          annotations: {},
          managedFields: [{ manager: "intruder", operation: "Apply", time: "2026-01-01T00:00:00Z", fieldsV1 }],
        },
        ...live,
      },
      "fleet",
    );

  it("are fields of other clients that the inputs lack, each once with its topmost field", () => {
    const wanted = { spec: { conditions: [{ name: "a" }], mode: "x" } };
    const live = {
      spec: { conditions: [{ name: "b", expression: "false" }, { name: "a" }], mode: "y", extra: { deep: { er: 1 } } },
    };
    const others = owned(
      {
        "f:spec": {
          "f:conditions": { 'k:{"name":"b"}': { ".": {}, "f:name": {}, "f:expression": {} } },
          "f:mode": {},
          "f:extra": { "f:deep": { "f:er": {} } },
        },
      },
      live,
    );
    const found = additions(wanted, live, others);
    assert.deepEqual(
      found.map(({ path, manager }) => [pathText(path), pathPointer(path), manager]),
      [
        ["spec.conditions[0]", "/spec/conditions/0", "intruder"],
        ["spec.extra", "/spec/extra", "intruder"],
      ],
    );
  });

  it("are found in sets and by index, and not where the object has lost the field again", () => {
    const live = { set: ["a", "b"], list: [1, 2] };
    const others = owned({ "f:set": { 'v:"b"': {} }, "f:list": { "i:1": {} }, "f:gone": { "f:x": {} } }, live);
    assert.deepEqual(
      others.map(({ path }) => pathText(path)),
      ["set[1]", "list[1]"],
    );
  });

  it("are no fields of the status, nor those that the program applied", () => {
    const metadata = { name: "a", labels: {}, annotations: {} };
    const fieldsV1 = { "f:spec": {} };
    const managedFields = [
      { manager: "fleet", operation: "Apply", fieldsV1 },
      { manager: "kube-controller-manager", operation: "Update", subresource: "status", fieldsV1 },
      { manager: "fleet", operation: "Update", fieldsV1 },
    ];
    const found = fieldsOfOthers({ metadata: { ...metadata, managedFields }, spec: 1 }, "fleet");
    assert.equal(found.length, 1, "an update under the same name is another client's");
  });
});

describe("A path of a field", () => {
  it("is written as people write it, and as a JSON pointer", () => {
    const path = ["spec", "hard", "count/pods", 1, "a~b"];
    assert.equal(pathText(path), 'spec.hard["count/pods"][1]["a~b"]');
    assert.equal(pathPointer(path), "/spec/hard/count~1pods/1/a~0b");
  });
});
