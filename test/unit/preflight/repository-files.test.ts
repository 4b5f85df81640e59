import assert from "node:assert/strict";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { listFiles } from "../../../preflight/github.js";
import { FakeGitHub } from "../../support/unit/fake-github.js";

/** GitHub's answer for each repository: a tree, or a status. */
const answers: Readonly<Record<string, unknown>> = {
  platform: {
    truncated: false,
    tree: [
      { type: "tree", path: "fleet" },
      { type: "blob", path: "fleet/README.md" },
      { type: "tree", path: "fleet/base" },
      { type: "blob", path: "fleet/base/kustomization.yaml" },
    ],
  },
  huge: { truncated: true, tree: [] },
  empty: 409,
  secret: 403,
};

describe("listFiles", () => {
  const github = new FakeGitHub(answers);
  before(() => github.start());
  beforeEach(() => github.requests.splice(0));
  after(() => github.stop());

  const list = (repository: string) =>
    listFiles({ owner: "acme", repo: repository, branch: "main" }, github.environment);

  it("lists neither a folder nor a missing path as a file", async () => {
    assert.ok(!(await list("platform")).has("fleet/base"));
    assert.deepEqual([...(await list("empty"))], []);
    assert.deepEqual([...(await list("gone"))], []);
  });

  it("does not report an unreadable file as missing: it would be overwritten", async () => {
    await assert.rejects(list("secret"), (error) => {
      assert.ok(error instanceof FleetError);
      assert.match(error.message, /GITHUB_TOKEN: GitHub did not list the files of acme\/secret/);
      assert.doesNotMatch(error.message, /token-of-the-test/);
      return true;
    });
  });

  it("does not report as missing the files that GitHub's list leaves out", async () => {
    await assert.rejects(list("huge"), /acme\/huge to the end: there are too many/);
  });

  it("asks once, however many folders there are, on the branch in question", async () => {
    const found = await list("platform");
    assert.deepEqual([...found].sort(), ["fleet/README.md", "fleet/base/kustomization.yaml"]);
    assert.deepEqual(
      github.requests.map(({ line }) => line),
      ["GET /api/v3/repos/acme/platform/git/trees/main?recursive=1"],
    );
  });
});
