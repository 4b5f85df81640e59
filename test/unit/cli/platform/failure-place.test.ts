import assert from "node:assert/strict";
import { explainFailure } from "../../../../cli/platform/failure-place.js";

const folder = "fleet/infrastructure/staging";
const file = `${folder}/kustomization.yaml`;
const files = { [file]: "kind: Kustomization\nnamespace: apps\nresource: [shop.yaml]\n" };
const explain = (error: string) => explainFailure({ files, folder, copy: "/copy", error });

describe("a failed build of kustomize", () => {
  for (const [program, error] of [
    ["kubectl", 'error: invalid Kustomization: json: unknown field "resource"\n'],
    [
      "a kubectl that logs its errors",
      'E1127 03:43:53.693888    7145 run.go:72] "command failed" err="invalid Kustomization: json: unknown field \\"resource\\""\n',
    ],
  ] as const) {
    it(`is explained alike when ${program} tells it`, () => {
      assert.deepEqual(explain(error), {
        place: { file, line: 3, path: "" },
        message: 'invalid Kustomization: json: unknown field "resource"',
      });
    });
  }

  it("keeps the words of a log line that is no failure", () => {
    const error = 'E1127 03:43:53.693888 7145 run.go:72] "another text" err="cut';
    assert.equal(explain(error).message, error);
  });
});
