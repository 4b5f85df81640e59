import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { kwokConfig } from "../../../control-plane/kwok.js";
import { type Stage, stages } from "../../../control-plane/kwok-stages.js";

const keys = (stage: Stage) => stage.spec.selector.matchExpressions.map(({ jq }) => jq.key);
const ofPods = () => stages().filter((stage) => stage.spec.resourceRef.kind === "Pod");

describe("kwok's stages", () => {
  it("leave the pods of the Flux runner's namespace alone, whatever their labels", () => {
    for (const stage of ofPods()) {
      assert.deepEqual(
        stage.spec.selector.matchExpressions[0],
        { jq: { key: ".metadata.namespace", operator: "NotIn", values: ["flux-system", "cert-manager", "flagger"] } },
        stage.metadata.name,
      );
    }
  });

  it("read no label and no annotation, by which a tenant could make its pods unmanaged", () => {
    const chosen = ofPods()
      .flatMap(keys)
      .filter((key) => /label|annotation/.test(key));
    assert.deepEqual(chosen, []);
  });

  it("never run or complete a pod that is being deleted", () => {
    for (const stage of ofPods()) {
      const [step] = stage.spec.steps;
      const deletion = stage.spec.selector.matchExpressions.find(({ jq }) => jq.key === ".metadata.deletionTimestamp");
      const operator = step !== undefined && "delete" in step ? "Exists" : "DoesNotExist";
      assert.equal(deletion?.jq.operator, operator, stage.metadata.name);
    }
  });

  it("complete only pods that are meant to end", () => {
    const completing = stages().find((stage) => stage.metadata.name === "pod-succeeds");
    const policy = completing?.spec.selector.matchExpressions.find(({ jq }) => jq.key === ".spec.restartPolicy");
    assert.deepEqual(policy?.jq, { key: ".spec.restartPolicy", operator: "In", values: ["Never", "OnFailure"] });
  });

  it("close every block that their templates open", () => {
    for (const stage of stages()) {
      for (const step of stage.spec.steps) {
        if (!("patch" in step)) continue;
        const opened = step.patch.template.match(/\{\{ (range|if|with) /g)?.length ?? 0;
        const closed = step.patch.template.match(/\{\{ end \}\}/g)?.length ?? 0;
        assert.equal(closed, opened, stage.metadata.name);
      }
    }
  });

  it("survive the way through kwok's configuration file", () => {
    const read = parseAllDocuments(kwokConfig()).map((document) => document.toJS());
    assert.deepEqual(read, stages());
  });
});
