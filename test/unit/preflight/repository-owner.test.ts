import assert from "node:assert/strict";
import { deserializeProperty } from "@pulumi/pulumi/runtime/rpc.js";
import { UNKNOWN_VALUE } from "../../../lib/state/unknown-value.js";
import { runPreflight } from "../../../preflight/preflight.js";
import { repositoryAnswer, usePreflightServer } from "../../support/unit/preflight-server.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const prod = fleetSpec({
  stack: "prod-eu",
  github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false },
  platform: { ...fleetSpec().platform, path: "./fleet/clusters/prod-eu" },
});

describe("runPreflight on a stack whose repositories another stack creates", () => {
  const server = usePreflightServer();
  const { inputs } = server;
  const tree = { truncated: false, tree: [{ type: "blob", path: "fleet/clusters/prod-eu/kustomization.yaml" }] };
  const person = { login: "mallory", role_name: "admin", permissions: { push: true } };
  const spec = { ...prod, tenants: [tenantSpec("team-a")] };
  beforeEach(() => {
    inputs.reads.length = 0;
    inputs.created = {};
    inputs.owner = { repositoryIds: { platform: "R_platform", "Team-A": "R_team-a" } };
    inputs.answers = {
      "/api/v1/namespaces": { items: [] },
      "/api/v3/orgs/acme/repos": [repositoryAnswer("platform"), repositoryAnswer("team-a")],
      "/api/v3/repos/acme/platform/git/trees/main": tree,
      "/api/v3/repos/acme/team-a/collaborators": [person],
      "/api/v3/repos/acme/platform/collaborators": [],
    };
  });

  it("uses the repositories of that stack's state, which it reads once", async () => {
    assert.deepEqual(await server.refusedAs(spec), []);
    assert.deepEqual(inputs.reads, ["staging"]);
  });

  it("knows a repository by either form of GitHub's ids", async () => {
    const ids = { platform: "MDEwOlJlcG9zaXRvcnkxMjk2MjY5", "team-a": "R_kgDOABPHjg" };
    inputs.owner = { repositoryIds: ids };
    const found = (name: string, node_id: string) => ({ ...repositoryAnswer(name), node_id });
    const repos = [found("platform", "R_kgDOABPHjQ"), found("team-a", "MDEwOlJlcG9zaXRvcnkxMjk2Mjcw")];
    inputs.answers = { ...inputs.answers, "/api/v3/orgs/acme/repos": repos };
    assert.deepEqual(await server.refusedAs(spec), []);
    assert.deepEqual(await server.refusedAs({ ...spec, repositoryIds: ids }), []);
    inputs.answers = {
      ...inputs.answers,
      "/api/v3/orgs/acme/repos": [...repos.slice(1), found("platform", "R_kgDOABPHjw")],
    };
    assert.match(String(await server.refusedAs(spec)), /acme\/platform is another repository than the one/);
  });

  it("reads no other state on the stack that creates repositories", async () => {
    inputs.answers = { ...inputs.answers, "/api/v3/orgs/acme/repos": [] };
    assert.deepEqual(await server.refusedAs(fleetSpec({ tenants: [tenantSpec("team-a")] })), []);
    assert.deepEqual(inputs.reads, []);
  });

  it("refuses a repository with fleet's topic that this state does not have, and names its people", async () => {
    inputs.owner = { repositoryIds: { platform: "R_platform" } };
    const lines = await server.refusedAs(spec);
    assert.deepEqual(lines, [
      "team-a.yaml: repository.name: the repository acme/team-a exists, and the state of the stack staging does not have it, so it may be another's with fleet's mark (it can be changed by mallory (admin)). Run pulumi up on the stack staging first.",
    ]);
    inputs.owner = {};
    assert.equal((await server.refusedAs(spec)).length, 2);
  });

  describe("whose last update failed, so that its outputs are older than its resources", () => {
    const stated = (name: string, nodeId: string, component = "fleet:git:Repository") => {
      const type = "github:index/repository:Repository";
      return [`urn:pulumi:staging::fleet::${component}$${type}::${name}`, { type, outputs: { name, nodeId } }] as const;
    };

    it("uses a repository that this update created, or created again", async () => {
      inputs.created = Object.fromEntries([stated("Team-A", "R_team-a"), stated("platform", "R_platform")]);
      for (const repositoryIds of [{}, { platform: "R_platform" }, { platform: "R_old", "team-a": "R_team-a" }]) {
        inputs.reads.length = 0;
        inputs.owner = { repositoryIds };
        assert.deepEqual(await server.refusedAs(spec), []);
        assert.deepEqual(inputs.reads, ["staging", "resources of staging"]);
      }
      inputs.owner = {};
      assert.deepEqual(await server.refusedAs(spec), []);
    });

    it("refuses a repository that the resources do not have, have handed over, or have with another id", async () => {
      inputs.owner = { repositoryIds: { platform: "R_platform" } };
      for (const one of [stated("web", "R_team-a"), stated("team-a", "R_team-a", "fleet:git:HandedOver")]) {
        inputs.created = Object.fromEntries([one]);
        assert.match(
          String(await server.refusedAs(spec)),
          /team-a exists, and the state of the stack staging does not have/,
        );
      }
      inputs.created = Object.fromEntries([stated("team-a", "R_other")]);
      assert.match(
        String(await server.refusedAs(spec)),
        /team-a is another repository than the one that the stack staging/,
      );
    });

    it("asks for consent by id where the resources cannot be read, as without the passphrase of that stack", async () => {
      inputs.created = new Error("incorrect passphrase\nand more");
      const consent = [
        "team-a.yaml: repository.name: the repository acme/team-a exists, and the outputs of the stack staging do not have it, and its resources could not be read (incorrect passphrase), so it may be another's with fleet's mark (it can be changed by mallory (admin)). Run pulumi up on the stack staging until it ends well. Or check the repository's content and its people, and then allow it by its id: pulumi config set --path 'fleet:repositoryIds[\"team-a\"]' R_team-a.",
      ];
      const failed = { repositoryIds: { platform: "R_platform", "team-a": UNKNOWN_VALUE } };
      // The SDK reads an id that the state does not know in one way in a preview, and in another in an update.
      const read = [true, false].map((isPreview) => deserializeProperty(failed, isPreview));
      for (const outputs of [{ repositoryIds: { platform: "R_platform" } }, ...read]) {
        inputs.owner = outputs;
        assert.deepEqual(await server.refusedAs(spec), consent);
      }
    });
  });

  it("refuses a repository that took the name of the one in that state", async () => {
    inputs.owner = { repositoryIds: { platform: "R_other", "team-a": "R_team-a" } };
    const [line, ...others] = await server.refusedAs(spec);
    assert.match(
      String(line),
      /^Pulumi\.prod-eu\.yaml: fleet:platformRepository\.name: the repository acme\/platform is another repository than the one that the stack staging created/,
    );
    assert.deepEqual(others, []);
  });

  it("asks for consent by id where that state cannot be read, and accepts no other id", async () => {
    inputs.owner = new Error('unknown stack "organization/fleet/staging"\nand a stack trace');
    const lines = await server.refusedAs(spec);
    assert.equal(lines.length, 2, lines.join("\n"));
    assert.match(
      String(lines[1]),
      /team-a exists, and the state of the stack staging could not be read \(unknown stack "organization\/fleet\/staging"\), so .* \(it can be changed by mallory \(admin\)\).*pulumi config set --path 'fleet:repositoryIds\["team-a"\]' R_team-a\.$/,
    );
    inputs.reads.length = 0;
    const allowed = { ...spec, repositoryIds: { platform: "R_platform", "TEAM-A": "R_team-a" } };
    assert.deepEqual(await server.refusedAs(allowed), []);
    assert.deepEqual(inputs.reads, []);
    const another = { ...spec, repositoryIds: { ...allowed.repositoryIds, platform: "R_old" } };
    assert.match(String((await server.refusedAs(another))[0]), /acme\/platform is another repository than the one/);
  });

  it("believes its own state about repositories that it created before another stack did", async () => {
    inputs.owner = new Error("unknown stack");
    const type = "github:index/repository:Repository";
    const state = Object.fromEntries(
      ["fleet:git:HandedOver", "fleet:git:Repository"].map((component, index) => {
        const name = ["platform", "team-a"][index];
        const outputs = { name, nodeId: `R_${name}` };
        return [`urn:pulumi:prod-eu::fleet::${component}$${type}::${name}`, { type, outputs }];
      }),
    );
    await runPreflight(spec, { ...server.args(), state: async () => state });
  });
});
