import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { type PreflightArgs, runPreflight } from "../../../preflight/preflight.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const team = { name: "payments", existing: false, members: [], maintainers: [] };

/** One server plays the cluster and GitHub: the answer for each path; 401 for all others. */
type Answers = Readonly<Record<string, unknown>>;

describe("runPreflight", () => {
  let server: Server;
  let directory: string;
  let answers: Answers = {};
  let address = "";
  const kubeconfig = process.env.KUBECONFIG;

  before(async () => {
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "", "http://127.0.0.1");
      // A cluster that lists its namespaces has nothing else, unless a test says so.
      const isOther = /^\/apis?\//.test(pathname) && !pathname.startsWith("/api/v3/");
      const nothing = isOther && "/api/v1/namespaces" in answers ? { items: [] } : undefined;
      const answer = answers[pathname] ?? nothing;
      response.writeHead(answer === undefined ? 401 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? { message: "Bad credentials" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    directory = await mkdtemp(join(tmpdir(), "fleet-preflight-"));
    const file = join(directory, "kubeconfig");
    await writeFile(
      file,
      stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "c", cluster: { server: address, "insecure-skip-tls-verify": true } }],
        users: [{ name: "u", user: { token: "token-of-the-cluster" } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
      }),
    );
    process.env.KUBECONFIG = file;
  });
  after(async () => {
    if (kubeconfig === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = kubeconfig;
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });

  let owner: unknown = {};
  /** The resources of the stack that creates repositories. */
  let created: StackState | Error = {};
  const reads: string[] = [];
  let state: StackState = {};
  const args = (): PreflightArgs => ({
    environment: { GITHUB_TOKEN: "token-of-the-test", GITHUB_BASE_URL: address },
    platformSeed: ["fleet/clusters/prod-eu/kustomization.yaml", "fleet/README.md"],
    fluxObjects: [],
    state: async () => state,
    outputs: async (stack) => {
      reads.push(stack);
      if (owner instanceof Error) throw owner;
      return owner;
    },
    resources: async (stack) => {
      reads.push(`resources of ${stack}`);
      if (created instanceof Error) throw created;
      return created;
    },
    locate: (tenant, place) => ({ file: `${tenant}.yaml`, path: place.join(".") }),
  });
  const refusedAs = async (spec = fleetSpec({ tenants: [tenantSpec("team-a", { team })] })): Promise<string[]> => {
    try {
      await runPreflight(spec, args());
    } catch (error) {
      if (error instanceof FleetError) return error.message.split("\n");
      throw error;
    }
    return [];
  };
  const repository = (name: string) => ({
    node_id: `R_${name}`,
    name,
    ssh_url: `git@github.com:acme/${name}.git`,
    html_url: `https://github.com/acme/${name}`,
    topics: ["managed-by-fleet"],
    archived: false,
  });

  it("reports an unreachable cluster and an invalid token together", async () => {
    answers = {};
    const lines = await refusedAs();
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
    state = { "urn:buckets": { type, outputs: { metadata, spec } } };
    answers = {
      "/api/v1/namespaces": { items: [] },
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": { items: [{ metadata }] },
      "/apis/source.toolkit.fluxcd.io/v1/buckets": { items: [{ metadata: { name: "photos", namespace: "team-a" } }] },
    };
    const lines = await refusedAs();
    state = {};
    assert.match(lines.join("\n"), /fleet:fluxVersion: the update deletes the definition buckets\..*: team-a\/photos/);
  });

  it("reports conflicts on one side although the other cannot be reached", async () => {
    answers = { "/api/v1/namespaces": { items: [{ metadata: { name: "team-a" } }] } };
    const cluster = await refusedAs();
    assert.equal(cluster.length, 3, cluster.join("\n"));
    assert.match(cluster[2] ?? "", /^team-a\.yaml: namespace\.name: the namespace team-a exists/);

    answers = { "/api/v3/orgs/acme/repos": [{ ...repository("team-a"), topics: [] }], "/api/v3/orgs/acme/teams": [] };
    const github = await refusedAs();
    assert.equal(github.length, 2, github.join("\n"));
    assert.match(github[0] ?? "", /^environment: KUBECONFIG: /);
    assert.match(github[1] ?? "", /^team-a\.yaml: repository\.name: the repository acme\/team-a exists/);
  });

  it("refuses an organisation whose every member may push to the platform's repository", async () => {
    const sound = { "/api/v1/namespaces": { items: [] }, "/api/v3/orgs/acme/repos": [], "/api/v3/orgs/acme/teams": [] };
    for (const permission of ["write", "admin"]) {
      answers = { ...sound, "/api/v3/orgs/acme": { default_repository_permission: permission } };
      const [line, ...others] = await refusedAs();
      assert.match(String(line), /^environment: GITHUB_OWNER: every member of acme may push to every repository/);
      assert.deepEqual(others, []);
    }
    for (const permission of ["read", "none", null]) {
      answers = { ...sound, "/api/v3/orgs/acme": { default_repository_permission: permission } };
      assert.deepEqual(await refusedAs(), []);
    }
  });

  it("names the people who may change what it would take over", async () => {
    const person = (login: string, role_name: string, push: boolean) => ({ login, role_name, permissions: { push } });
    answers = {
      "/api/v1/namespaces": { items: [] },
      "/api/v3/orgs/acme/repos": [repository("team-a")],
      "/api/v3/orgs/acme/teams": [],
      "/api/v3/repos/acme/team-a/collaborators": [person("mallory", "admin", true), person("ann", "read", false)],
    };
    const [line] = await refusedAs();
    assert.match(String(line), /team-a exists and is not in .* \(it can be changed by mallory \(admin\)\)/);
  });

  it("names the members of a team that it would take over, and asks for no others", async () => {
    const found = (description: string) => ({ node_id: "T_7", id: 7, slug: "payments", description });
    answers = {
      "/api/v1/namespaces": { items: [] },
      "/api/v3/orgs/acme/repos": [],
      "/api/v3/orgs/acme/teams": [found("Pushes to the repositories of team-a (managed by fleet)")],
      "/api/v3/orgs/acme/teams/payments/members": [{ login: "mallory" }],
    };
    const [line] = await refusedAs();
    assert.match(
      String(line),
      /team acme\/payments exists and is not in .* \(its members: mallory \(maintainer\), mallory \(member\)\)\. If it is/,
    );
    answers = { ...answers, "/api/v3/orgs/acme/teams": [found("Ours")], "/api/v3/orgs/acme/teams/payments/members": 0 };
    assert.match(String(await refusedAs()), /^team-a\.yaml: team\.name: the team acme\/payments exists, but fleet/);
  });

  const prod = fleetSpec({
    stack: "prod-eu",
    github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false },
    platform: { ...fleetSpec().platform, path: "./fleet/clusters/prod-eu" },
  });

  describe("on a stack whose repositories another stack creates", () => {
    const tree = { truncated: false, tree: [{ type: "blob", path: "fleet/clusters/prod-eu/kustomization.yaml" }] };
    const person = { login: "mallory", role_name: "admin", permissions: { push: true } };
    const spec = { ...prod, tenants: [tenantSpec("team-a")] };
    beforeEach(() => {
      reads.length = 0;
      created = {};
      owner = { repositoryIds: { platform: "R_platform", "Team-A": "R_team-a" } };
      answers = {
        "/api/v1/namespaces": { items: [] },
        "/api/v3/orgs/acme/repos": [repository("platform"), repository("team-a")],
        "/api/v3/repos/acme/platform/git/trees/main": tree,
        "/api/v3/repos/acme/team-a/collaborators": [person],
        "/api/v3/repos/acme/platform/collaborators": [],
      };
    });

    it("uses the repositories of that stack's state, which it reads once", async () => {
      assert.deepEqual(await refusedAs(spec), []);
      assert.deepEqual(reads, ["staging"]);
    });

    it("knows a repository by either form of GitHub's ids", async () => {
      const ids = { platform: "MDEwOlJlcG9zaXRvcnkxMjk2MjY5", "team-a": "R_kgDOABPHjg" };
      owner = { repositoryIds: ids };
      const found = (name: string, node_id: string) => ({ ...repository(name), node_id });
      const repos = [found("platform", "R_kgDOABPHjQ"), found("team-a", "MDEwOlJlcG9zaXRvcnkxMjk2Mjcw")];
      answers = { ...answers, "/api/v3/orgs/acme/repos": repos };
      assert.deepEqual(await refusedAs(spec), []);
      assert.deepEqual(await refusedAs({ ...spec, repositoryIds: ids }), []);
      answers = { ...answers, "/api/v3/orgs/acme/repos": [...repos.slice(1), found("platform", "R_kgDOABPHjw")] };
      assert.match(String(await refusedAs(spec)), /acme\/platform is another repository than the one/);
    });

    it("reads no other state on the stack that creates repositories", async () => {
      answers = { ...answers, "/api/v3/orgs/acme/repos": [] };
      assert.deepEqual(await refusedAs(fleetSpec({ tenants: [tenantSpec("team-a")] })), []);
      assert.deepEqual(reads, []);
    });

    it("refuses a repository with fleet's topic that this state does not have, and names its people", async () => {
      owner = { repositoryIds: { platform: "R_platform" } };
      const lines = await refusedAs(spec);
      assert.deepEqual(lines, [
        "team-a.yaml: repository.name: the repository acme/team-a exists, and the state of the stack staging does not have it, so it may be another's with fleet's mark (it can be changed by mallory (admin)). Run pulumi up on the stack staging first.",
      ]);
      owner = {};
      assert.equal((await refusedAs(spec)).length, 2);
    });

    describe("whose last update failed, so that its outputs are older than its resources", () => {
      const stated = (name: string, nodeId: string, component = "fleet:git:Repository") => {
        const type = "github:index/repository:Repository";
        return [
          `urn:pulumi:staging::fleet::${component}$${type}::${name}`,
          { type, outputs: { name, nodeId } },
        ] as const;
      };

      it("uses a repository that this update created, or created again", async () => {
        created = Object.fromEntries([stated("Team-A", "R_team-a"), stated("platform", "R_platform")]);
        for (const repositoryIds of [{}, { platform: "R_platform" }, { platform: "R_old", "team-a": "R_team-a" }]) {
          reads.length = 0;
          owner = { repositoryIds };
          assert.deepEqual(await refusedAs(spec), []);
          assert.deepEqual(reads, ["staging", "resources of staging"]);
        }
        owner = {};
        assert.deepEqual(await refusedAs(spec), []);
      });

      it("refuses a repository that the resources do not have, have handed over, or have with another id", async () => {
        owner = { repositoryIds: { platform: "R_platform" } };
        for (const one of [stated("web", "R_team-a"), stated("team-a", "R_team-a", "fleet:git:HandedOver")]) {
          created = Object.fromEntries([one]);
          assert.match(
            String(await refusedAs(spec)),
            /team-a exists, and the state of the stack staging does not have/,
          );
        }
        created = Object.fromEntries([stated("team-a", "R_other")]);
        assert.match(String(await refusedAs(spec)), /team-a is another repository than the one that the stack staging/);
      });

      it("asks for consent by id where the resources cannot be read, as without the passphrase of that stack", async () => {
        owner = { repositoryIds: { platform: "R_platform" } };
        created = new Error("incorrect passphrase\nand more");
        assert.deepEqual(await refusedAs(spec), [
          "team-a.yaml: repository.name: the repository acme/team-a exists, and the outputs of the stack staging do not have it, and its resources could not be read (incorrect passphrase), so it may be another's with fleet's mark (it can be changed by mallory (admin)). Run pulumi up on the stack staging until it ends well. Or check the repository's content and its people, and then allow it by its id: pulumi config set --path 'fleet:repositoryIds[\"team-a\"]' R_team-a.",
        ]);
      });
    });

    it("refuses a repository that took the name of the one in that state", async () => {
      owner = { repositoryIds: { platform: "R_other", "team-a": "R_team-a" } };
      const [line, ...others] = await refusedAs(spec);
      assert.match(
        String(line),
        /^Pulumi\.prod-eu\.yaml: fleet:platformRepository\.name: the repository acme\/platform is another repository than the one that the stack staging created/,
      );
      assert.deepEqual(others, []);
    });

    it("asks for consent by id where that state cannot be read, and accepts no other id", async () => {
      owner = new Error('unknown stack "organization/fleet/staging"\nand a stack trace');
      const lines = await refusedAs(spec);
      assert.equal(lines.length, 2, lines.join("\n"));
      assert.match(
        String(lines[1]),
        /team-a exists, and the state of the stack staging could not be read \(unknown stack "organization\/fleet\/staging"\), so .* \(it can be changed by mallory \(admin\)\).*pulumi config set --path 'fleet:repositoryIds\["team-a"\]' R_team-a\.$/,
      );
      reads.length = 0;
      const allowed = { ...spec, repositoryIds: { platform: "R_platform", "TEAM-A": "R_team-a" } };
      assert.deepEqual(await refusedAs(allowed), []);
      assert.deepEqual(reads, []);
      const another = { ...spec, repositoryIds: { ...allowed.repositoryIds, platform: "R_old" } };
      assert.match(String((await refusedAs(another))[0]), /acme\/platform is another repository than the one/);
    });

    it("believes its own state about repositories that it created before another stack did", async () => {
      owner = new Error("unknown stack");
      const type = "github:index/repository:Repository";
      const state = Object.fromEntries(
        ["fleet:git:HandedOver", "fleet:git:Repository"].map((component, index) => {
          const name = ["platform", "team-a"][index];
          const outputs = { name, nodeId: `R_${name}` };
          return [`urn:pulumi:prod-eu::fleet::${component}$${type}::${name}`, { type, outputs }];
        }),
      );
      await runPreflight(spec, { ...args(), state: async () => state });
    });
  });

  describe("at the platform's repository", () => {
    const tree = (...paths: string[]) => ({ truncated: false, tree: paths.map((path) => ({ type: "blob", path })) });
    const withFiles = (...paths: string[]): Answers => ({
      "/api/v1/namespaces": { items: [] },
      "/api/v3/orgs/acme/repos": [repository("platform")],
      "/api/v3/repos/acme/platform/git/trees/main": tree(...paths),
    });
    before(() => {
      owner = { repositoryIds: { platform: "R_platform" } };
    });

    it("refuses a stack whose folder only its own checkout has, because another stack writes that repository", async () => {
      answers = withFiles("fleet/clusters/staging/kustomization.yaml", "fleet/clusters/prod-eu-2/kustomization.yaml");
      const lines = await refusedAs(prod);
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
      answers = { ...withFiles("fleet/clusters/prod-eu/ours.yaml"), [path]: tree("fleet/README.md") };
      assert.match(
        (await refusedAs(pinned)).join("\n"),
        /^Pulumi\.prod-eu\.yaml: fleet:platformRevision\.commit: the repository acme\/platform has no folder fleet\/clusters\/prod-eu in the commit a{40}, so Flux .* Move it to a commit/,
      );
      answers = { ...withFiles("fleet/README.md"), [path]: tree("fleet/clusters/prod-eu/ours.yaml") };
      assert.deepEqual([...(await runPreflight(pinned, args())).existing.platformFiles], []);
    });

    it("refuses a tag without the folder of this cluster, and names the setting of the tag", async () => {
      const tagged = { ...prod, platform: { ...prod.platform, tag: "v1.0.0" } };
      answers = {
        ...withFiles("fleet/clusters/prod-eu/ours.yaml"),
        "/api/v3/repos/acme/platform/git/trees/v1.0.0": tree("fleet/README.md"),
      };
      assert.match(
        (await refusedAs(tagged)).join("\n"),
        /fleet:platformRevision\.tag: the repository acme\/platform has no folder fleet\/clusters\/prod-eu in the tag v1\.0\.0/,
      );
    });

    it("finds files of other authors there, beside any others", async () => {
      answers = withFiles("fleet/clusters/prod-eu/ours.yaml", "fleet/README.md");
      assert.deepEqual([...(await runPreflight(prod, args())).existing.platformFiles], ["fleet/README.md"]);
    });

    it("leaves what is missing to the stack that writes it", async () => {
      answers = withFiles("fleet/README.md");
      const adopt = { repositories: ["platform"], teams: [] };
      answers = { ...answers, "/api/v3/repos/acme/platform/rulesets": [] };
      assert.deepEqual(
        [...(await runPreflight(fleetSpec({ adopt }), args())).existing.platformFiles],
        ["fleet/README.md"],
      );
    });
  });
});
