import assert from "node:assert/strict";
import { collectProblems, problemsOf, requireResults } from "../../../../lib/diagnostics/collect-problems.js";
import { FleetError } from "../../../../lib/diagnostics/problem.js";

const refusal = (path: string) => new FleetError([{ file: "environment", path, message: "does not answer" }]);
const defect = new TypeError("x is not a function");

describe("collectProblems", () => {
  it("returns the problems of all tasks that failed, and the results of the others", async () => {
    const { results, problems } = await collectProblems<{ cluster: string; repositories: string; teams: string }>({
      cluster: Promise.reject(refusal("KUBECONFIG")),
      repositories: Promise.reject(refusal("GITHUB_TOKEN")),
      teams: Promise.resolve("two teams"),
    });
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["KUBECONFIG", "GITHUB_TOKEN"],
    );
    assert.deepEqual(results, { teams: "two teams" });
  });

  it("throws a defect, even beside problems of the input", async () => {
    const tasks = { one: Promise.reject(refusal("KUBECONFIG")), two: Promise.reject(defect) };
    await assert.rejects(collectProblems(tasks), defect);
  });
});

describe("requireResults", () => {
  it("throws the problems of all tasks as one error", async () => {
    await assert.rejects(
      requireResults({
        one: Promise.reject(refusal("a")),
        two: Promise.resolve(2),
        three: Promise.reject(refusal("b")),
      }),
      (error) => error instanceof FleetError && error.problems.length === 2,
    );
  });

  it("returns all results", async () => {
    assert.deepEqual(await requireResults({ one: Promise.resolve(1), two: Promise.resolve(2) }), { one: 1, two: 2 });
  });
});

describe("problemsOf", () => {
  it("throws a defect again", () => {
    assert.throws(() => problemsOf(defect), defect);
  });

  it("returns the problems of a FleetError", () => {
    assert.deepEqual(
      problemsOf(refusal("KUBECONFIG")).map(({ path }) => path),
      ["KUBECONFIG"],
    );
  });
});
