import assert from "node:assert/strict";
import { runPreflight } from "../../../preflight/preflight.js";
import { repositoryAnswer, usePreflightServer } from "../../support/unit/preflight-server.js";
import { fleetSpec } from "../../support/unit/spec.js";

const prod = fleetSpec({
  stack: "prod-eu",
  github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false },
  platform: { ...fleetSpec().platform, path: "./fleet/clusters/prod-eu" },
});

describe("runPreflight at the platform's repository", () => {
  const server = usePreflightServer();
  const { inputs } = server;
  const tree = (...paths: string[]) => ({ truncated: false, tree: paths.map((path) => ({ type: "blob", path })) });
  const withFiles = (...paths: string[]) => ({
    "/api/v1/namespaces": { items: [] },
    "/api/v3/orgs/acme/repos": [repositoryAnswer("platform")],
    "/api/v3/repos/acme/platform/git/trees/main": tree(...paths),
  });
  before(() => {
    inputs.owner = { repositoryIds: { platform: "R_platform" } };
  });

  it("refuses a stack whose folder only its own checkout has, because another stack writes that repository", async () => {
    inputs.answers = withFiles(
      "fleet/clusters/staging/kustomization.yaml",
      "fleet/clusters/prod-eu-2/kustomization.yaml",
    );
    const lines = await server.refusedAs(prod);
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(
      lines[0] ?? "",
      /^Pulumi\.prod-eu\.yaml: fleet:platformRepository\.name: the repository acme\/platform has no folder fleet\/clusters\/prod-eu on its branch main.*Run pulumi up on the stack staging first/,
    );
  });

  it("refuses a pinned commit without the folder of this cluster, whatever its branch has by now", async () => {
    const commit = "a".repeat(40);
    const path = `/api/v3/repos/acme/platform/git/trees/${commit}`;
    const pinned = { ...prod, platform: { ...prod.platform, commit } };
    inputs.answers = { ...withFiles("fleet/clusters/prod-eu/ours.yaml"), [path]: tree("fleet/README.md") };
    assert.match(
      (await server.refusedAs(pinned)).join("\n"),
      /^Pulumi\.prod-eu\.yaml: fleet:platformRevision\.commit: the repository acme\/platform has no folder fleet\/clusters\/prod-eu in the commit a{40}, so Flux .* Move it to a commit/,
    );
    inputs.answers = { ...withFiles("fleet/README.md"), [path]: tree("fleet/clusters/prod-eu/ours.yaml") };
    assert.deepEqual([...(await runPreflight(pinned, server.args())).existing.platformFiles], []);
  });

  it("refuses a tag without the folder of this cluster, and names the setting of the tag", async () => {
    const tagged = { ...prod, platform: { ...prod.platform, tag: "v1.0.0" } };
    inputs.answers = {
      ...withFiles("fleet/clusters/prod-eu/ours.yaml"),
      "/api/v3/repos/acme/platform/git/trees/v1.0.0": tree("fleet/README.md"),
    };
    assert.match(
      (await server.refusedAs(tagged)).join("\n"),
      /fleet:platformRevision\.tag: the repository acme\/platform has no folder fleet\/clusters\/prod-eu in the tag v1\.0\.0/,
    );
  });

  it("finds files of other authors there, beside any others", async () => {
    inputs.answers = withFiles("fleet/clusters/prod-eu/ours.yaml", "fleet/README.md");
    assert.deepEqual([...(await runPreflight(prod, server.args())).existing.platformFiles], ["fleet/README.md"]);
  });

  it("leaves what is missing to the stack that writes it", async () => {
    inputs.answers = withFiles("fleet/README.md");
    const adopt = { repositories: ["platform"], teams: [] };
    inputs.answers = { ...inputs.answers, "/api/v3/repos/acme/platform/rulesets": [] };
    assert.deepEqual(
      [...(await runPreflight(fleetSpec({ adopt }), server.args())).existing.platformFiles],
      ["fleet/README.md"],
    );
  });
});
