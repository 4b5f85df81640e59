import assert from "node:assert/strict";
import { FleetError } from "../../../../lib/diagnostics/problem.js";
import { all, settle } from "../../../../lib/diagnostics/settle.js";

const refusal = (path: string) => new FleetError([{ file: "environment", path, message: "does not answer" }]);

describe("several looks at the world", () => {
  it("tell everything that stopped any of them, and what the others saw", async () => {
    const { seen, problems } = await settle<{ cluster: string; repositories: string; teams: string }>({
      cluster: Promise.reject(refusal("KUBECONFIG")),
      repositories: Promise.reject(refusal("GITHUB_TOKEN")),
      teams: Promise.resolve("two teams"),
    });
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["KUBECONFIG", "GITHUB_TOKEN"],
    );
    assert.deepEqual(seen, { teams: "two teams" });
  });

  it("do not pass for problems of the input what nobody foresaw", async () => {
    const bug = new TypeError("x is not a function");
    await assert.rejects(settle({ one: Promise.reject(refusal("KUBECONFIG")), two: Promise.reject(bug) }), bug);
  });

  it("are one error where all are needed", async () => {
    await assert.rejects(
      all({ one: Promise.reject(refusal("a")), two: Promise.resolve(2), three: Promise.reject(refusal("b")) }),
      (error) => error instanceof FleetError && error.problems.length === 2,
    );
    assert.deepEqual(await all({ one: Promise.resolve(1), two: Promise.resolve(2) }), { one: 1, two: 2 });
  });
});
