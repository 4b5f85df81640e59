import assert from "node:assert/strict";
import { runPreflight } from "../../../preflight/preflight.js";
import { repositoryAnswer, usePreflightServer } from "../../support/unit/preflight-server.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

describe("runPreflight", () => {
  const server = usePreflightServer();
  const { inputs } = server;
  const sound = { "/api/v1/namespaces": { items: [] }, "/api/v3/orgs/acme/repos": [], "/api/v3/orgs/acme/teams": [] };

  it("reports an unreachable cluster and an invalid token together", async () => {
    inputs.answers = {};
    const lines = await server.refusedAs();
    assert.equal(lines.length, 3, lines.join("\n"));
    assert.match(lines[0] ?? "", /^environment: GITHUB_TOKEN: GitHub .* did not list the repositories of acme: /);
    assert.match(lines[1] ?? "", /^environment: GITHUB_TOKEN: .* the teams of acme: /);
    assert.match(lines[2] ?? "", /^environment: KUBECONFIG: the cluster at .* did not list its namespaces: /);
    assert.doesNotMatch(lines.join("\n"), /token-of-the/);
  });

  it("refuses an update that deletes the definition of a kind with objects", async () => {
    const spec = {
      group: "source.toolkit.fluxcd.io",
      names: { kind: "Bucket" },
      versions: [{ name: "v1", storage: true }],
    };
    const metadata = { name: "buckets.source.toolkit.fluxcd.io" };
    const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
    inputs.state = { "urn:buckets": { type, outputs: { metadata, spec } } };
    inputs.answers = {
      "/api/v1/namespaces": { items: [] },
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": { items: [{ metadata }] },
      "/apis/source.toolkit.fluxcd.io/v1/buckets": { items: [{ metadata: { name: "photos", namespace: "team-a" } }] },
    };
    const lines = await server.refusedAs();
    inputs.state = {};
    assert.match(lines.join("\n"), /fleet:fluxVersion: the update deletes the definition buckets\..*: team-a\/photos/);
  });

  it("reports conflicts on one side although the other cannot be reached", async () => {
    inputs.answers = { "/api/v1/namespaces": { items: [{ metadata: { name: "team-a" } }] } };
    const cluster = await server.refusedAs();
    assert.equal(cluster.length, 3, cluster.join("\n"));
    assert.match(cluster[2] ?? "", /^team-a\.yaml: namespace\.name: the namespace team-a exists/);

    inputs.answers = {
      "/api/v3/orgs/acme/repos": [{ ...repositoryAnswer("team-a"), topics: [] }],
      "/api/v3/orgs/acme/teams": [],
    };
    const github = await server.refusedAs();
    assert.equal(github.length, 2, github.join("\n"));
    assert.match(github[0] ?? "", /^environment: KUBECONFIG: /);
    assert.match(github[1] ?? "", /^team-a\.yaml: repository\.name: the repository acme\/team-a exists/);
  });

  it("refuses an update of a tenant that no file declares, and names the one that is meant", async () => {
    inputs.answers = sound;
    const spec = fleetSpec({ tenants: [tenantSpec("team-a")] });
    const update = (only: string) => runPreflight(spec, { ...server.args(), only });
    const line = (name: string) => `fleet up: --tenant ${name}: no file declares this tenant.`;
    await assert.rejects(update("team-aa"), { message: `${line("team-aa")} Did you mean team-a?` });
    await assert.rejects(update("search"), ({ message }: Error) =>
      message.startsWith(`${line("search")} The tenants are team-a.`),
    );
  });

  it("refuses an organisation whose every member may push to the platform's repository", async () => {
    for (const permission of ["write", "admin"]) {
      inputs.answers = { ...sound, "/api/v3/orgs/acme": { default_repository_permission: permission } };
      const [line, ...others] = await server.refusedAs();
      assert.match(String(line), /^environment: GITHUB_OWNER: every member of acme may push to every repository/);
      assert.deepEqual(others, []);
    }
    for (const permission of ["read", "none", null]) {
      inputs.answers = { ...sound, "/api/v3/orgs/acme": { default_repository_permission: permission } };
      assert.deepEqual(await server.refusedAs(), []);
    }
  });

  it("names the people who may change what it would take over", async () => {
    const person = (login: string, role_name: string, push: boolean) => ({ login, role_name, permissions: { push } });
    inputs.answers = {
      "/api/v1/namespaces": { items: [] },
      "/api/v3/orgs/acme/repos": [repositoryAnswer("team-a")],
      "/api/v3/orgs/acme/teams": [],
      "/api/v3/repos/acme/team-a/collaborators": [person("mallory", "admin", true), person("ann", "read", false)],
    };
    const [line] = await server.refusedAs();
    assert.match(String(line), /team-a exists and is not in .* \(it can be changed by mallory \(admin\)\)/);
  });

  it("names the members of a team that it would take over, and asks for no others", async () => {
    const found = (description: string) => ({ node_id: "T_7", id: 7, slug: "payments", description });
    inputs.answers = {
      "/api/v1/namespaces": { items: [] },
      "/api/v3/orgs/acme/repos": [],
      "/api/v3/orgs/acme/teams": [found("Pushes to the repositories of team-a (managed by fleet)")],
      "/api/v3/orgs/acme/teams/payments/members": [{ login: "mallory" }],
    };
    const [line] = await server.refusedAs();
    assert.match(
      String(line),
      /team acme\/payments exists and is not in .* \(its members: mallory \(maintainer\), mallory \(member\)\)\. If it is/,
    );
    inputs.answers = {
      ...inputs.answers,
      "/api/v3/orgs/acme/teams": [found("Ours")],
      "/api/v3/orgs/acme/teams/payments/members": 0,
    };
    assert.match(
      String(await server.refusedAs()),
      /^team-a\.yaml: team\.name: the team acme\/payments exists, but fleet/,
    );
  });
});
