import assert from "node:assert/strict";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { ExistingRepository } from "../../../lib/github/existing.js";
import { findMissingBranches } from "../../../preflight/branches.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";
import { fleetSpec, type Sections, tenantSpec } from "../../support/unit/spec.js";

describe("findMissingBranches", () => {
  let server: TestServer;
  let paths: string[];
  let branches: readonly string[];

  before(async () => {
    server = await httpServer(({ url = "" }, response) => {
      paths.push(url);
      const exists = branches.some((branch) => url.endsWith(`/branches/${branch}`));
      response.writeHead(exists ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(exists ? { name: "found" } : { message: "Branch not found" }));
    });
  });
  after(() => server.stop());
  beforeEach(() => {
    paths = [];
    branches = [];
  });

  const find = async (found: Partial<ExistingRepository>, sections: Sections = {}) => {
    const tenant = tenantSpec("team-a", { repository: { existing: true }, ...sections });
    const view = {
      name: "team-a",
      sshUrl: "",
      htmlUrl: "",
      topics: [],
      archived: false,
      defaultBranch: "main",
      size: 4,
    };
    const problems = await findMissingBranches(
      fleetSpec({ tenants: [tenant] }),
      new Map([["team-a", { ...view, ...found }]]),
      {
        environment: { GITHUB_TOKEN: "made-up", GITHUB_BASE_URL: `http://127.0.0.1:${server.port}/` },
        locate: (name, place) => ({ file: `${name}.yaml`, path: place.join(".") }),
      },
    );
    return problems.map(problemLine);
  };

  it("refuses an empty repository", async () => {
    assert.deepEqual(await find({ size: 0 }), [
      "team-a.yaml: repository.name: the repository acme/team-a is empty: it has no branch main. Push a first commit to it.",
    ]);
  });

  it("refuses a repository with another default branch, and names it", async () => {
    assert.deepEqual(await find({ defaultBranch: "trunk" }), [
      "team-a.yaml: repository.name: the repository acme/team-a has no branch main, which a sync follows; its default branch is trunk. Correct repository.defaultBranch or the ref of the sync, or create the branch.",
    ]);
    assert.deepEqual(paths, ["/api/v3/repos/acme/team-a/branches/main"]);
  });

  it("refuses the branch of a sync that does not exist", async () => {
    const [line] = await find({}, { sync: { ref: { branch: "live" } } });
    assert.match(line ?? "", /has no branch live, which a sync follows; its default branch is main/);
  });

  it("accepts a branch that exists beside the default one, and a new repository of size 0", async () => {
    branches = ["main"];
    assert.deepEqual([await find({ defaultBranch: "trunk" }), await find({ size: 0 })], [[], []]);
  });

  it("asks nothing about the default branch, a tag, an archived repository, and one of fleet", async () => {
    await find({});
    await find({ size: 0 }, { sync: { ref: { tag: "v1.0.0" } } });
    await find({ size: 0, archived: true });
    await find({ size: 0 }, { repository: {} });
    assert.deepEqual(paths, []);
  });
});
