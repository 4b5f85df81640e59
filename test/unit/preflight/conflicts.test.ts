import assert from "node:assert/strict";
import type { Locate } from "../../../config/files/location.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import { emptyState, objectIdentity } from "../../../lib/state/stack-state.js";
import { type ExistingState, findConflicts } from "../../../preflight/conflicts.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const empty: Partial<ExistingState> = { namespaces: new Map(), repositories: new Map(), teams: new Map() };
const ours = { "app.kubernetes.io/managed-by": "fleet", "fleet.dev/stack": "staging" };
/** A namespace with labels. */
const namespace = (labels: Readonly<Record<string, string>> = {}, terminating = false) => ({ labels, terminating });
const repository = (name: string, overrides: object = {}) => ({
  name,
  sshUrl: `git@github.com:acme/${name}.git`,
  htmlUrl: `https://github.com/acme/${name}`,
  topics: ["managed-by-fleet"],
  archived: false,
  ...overrides,
});
/** All fields of the tenants are in the base file, except namespaces, which are in the overlay. */
const locate: Locate = (tenant, place) => ({
  file: place[0] === "namespace" ? `overlay/${tenant}.yaml` : `base/${tenant}.yaml`,
  line: place.length,
  path: place.join("."),
});
const problemsOf = (spec: FleetSpec, existing: Partial<ExistingState>) => findConflicts(spec, existing, locate);
const messages = (spec: FleetSpec, existing: Partial<ExistingState>) =>
  problemsOf(spec, existing).map((p) => p.message);

describe("findConflicts", () => {
  const spec = fleetSpec({ tenants: [tenantSpec("team-a"), tenantSpec("team-b")] });

  it("refuses by name a tenant's namespace that another owner made", () => {
    const found = messages(spec, { ...empty, namespaces: new Map([["team-a", namespace({ owner: "another" })]]) });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /namespace team-a exists, but fleet does not manage it/);
  });

  it("quotes the names of commands for the shell", () => {
    const team = tenantSpec("team-a");
    const namespaces = [{ ...team.namespaces[0], name: "a;reboot" }] as const;
    const odd = fleetSpec({ stack: "b $HOME", tenants: [{ ...team, namespaces }] });
    const fixes = (existing: ReturnType<typeof namespace>) =>
      problemsOf(odd, { ...empty, namespaces: new Map([["a;reboot", existing]]) }).map(({ fix }) => fix ?? "");
    assert.match(
      fixes(namespace())[0] ?? "",
      /kubectl label namespace 'a;reboot' app\.kubernetes\.io\/managed-by=fleet 'fleet\.dev\/stack=b \$HOME'$/,
    );
    const leaving = namespace({ ...ours, "fleet.dev/stack": "b $HOME", "fleet.dev/tenant": "team-a" }, true);
    assert.match(fixes(leaving)[0] ?? "", /kubectl wait namespace 'a;reboot' --for=delete/);
  });

  it("refuses a template that another owner made, where a tenant needs it", () => {
    const repositories = new Map([["tenant-template-helm", repository("tenant-template-helm", { topics: [] })]]);
    assert.deepEqual(messages(spec, { ...empty, repositories }), []);
    const helm = fleetSpec({ tenants: [tenantSpec("team-a", { repository: { scaffold: "helm" } })] });
    const [message = "", ...others] = messages(helm, { ...empty, repositories });
    assert.match(message, /the repository acme\/tenant-template-helm exists/);
    assert.deepEqual(others, []);
  });

  it("refuses a Flux that another tool installed", () => {
    const found = messages(spec, { ...empty, namespaces: new Map([["flux-system", namespace()]]) });
    assert.match(found[0] ?? "", /namespace flux-system exists/);
  });

  describe("about a repository in the state", () => {
    const stated = (name: string, tenant: string, managed = true) =>
      [name, { name, urn: "urn", tenant, managed }] as const;
    const state = (...repositories: ReturnType<typeof stated>[]) => ({
      ...emptyState,
      repositories: new Map(repositories),
    });

    it("refuses a new name that GitHub does not know: the old repository would be archived", () => {
      const found = problemsOf(spec, { ...empty, stated: state(stated("old", "team-a")) });
      assert.deepEqual(found.map(problemLine), [
        "base/team-a.yaml:2: repository.name: the repository acme/team-a does not exist, and acme/old, which no file names any more, would be archived. To rename the repository, rename it on GitHub first: gh repo rename team-a --repo acme/old. To replace it, add the new one in one update, and remove the old one in a later one.",
      ]);
    });

    it("refuses the old name of a repository that was renamed on GitHub, on every stack", () => {
      const renamed = new Map([["team-a", "team-a2"]]);
      const other = { ...spec, github: { ...spec.github, repositoryOwner: "prod-eu", ownsRepositories: false } };
      for (const stack of [spec, other]) {
        const found = messages(stack, { ...empty, stated: state(stated("team-a", "team-a")), renamed });
        assert.ok(found.includes("the repository acme/team-a was renamed on GitHub to team-a2"), found.join("\n"));
      }
    });

    it("refuses a new name of the platform's repository alike", () => {
      const found = messages(spec, { ...empty, stated: { ...emptyState, platformRepository: "old" } });
      assert.match(found[0] ?? "", /acme\/platform does not exist, and acme\/old, which no file names any more/);
    });

    it("lets a repository go to another tenant, a second one come, and one that is missing on GitHub be created", () => {
      const tenants = [tenantSpec("team-a", { repository: { name: "shared" } })];
      const moved = state(stated("shared", "team-b"));
      assert.deepEqual(messages(fleetSpec({ tenants }), { ...empty, repositories: new Map(), stated: moved }), []);
      const second = [tenantSpec("team-a", { repositories: { more: {} } })];
      const first = { ...state(stated("team-a", "team-a")), platformRepository: "platform" };
      assert.deepEqual(messages(fleetSpec({ tenants: second }), { ...empty, stated: first }), []);
    });

    it("refuses another repository of the same name, one that is gone, and one that is archived", () => {
      const managed = new Map([["team-a", "R_1"]]);
      const only = { ...spec, tenants: spec.tenants.slice(0, 1) };
      const about = (...found: ReturnType<typeof repository>[]) => {
        const repositories = new Map(found.map((one) => [one.name, one]));
        return messages(only, { ...empty, repositories, stated: { ...emptyState, managed } });
      };
      assert.match(about(repository("team-a", { nodeId: "R_2" }))[0] ?? "", /is another repository than the one in/);
      assert.match(about()[0] ?? "", /is in the stack's state, and GitHub does not have it/);
      assert.match(about(repository("team-a", { nodeId: "R_1", archived: true }))[0] ?? "", /was archived on GitHub/);
      assert.deepEqual(about(repository("team-a", { nodeId: "R_1" })), []);
    });

    it("refuses another existing repository for the platform's: the former one would be archived", () => {
      const repositories = new Map([["platform", repository("platform")]]);
      const adopt = { repositories: ["platform"], teams: [] };
      const stated = { ...emptyState, platformRepository: "old" };
      assert.match(
        messages({ ...spec, adopt }, { ...empty, repositories, stated })[0] ?? "",
        /acme\/platform takes the place of another one, and acme\/old, which no file names any more, would be archived/,
      );
    });

    it("lets the old one go where only its deploy key is in the state", () => {
      assert.deepEqual(messages(spec, { ...empty, stated: state(stated("old", "team-a", false)) }), []);
    });
  });

  it("refuses the cluster of another stack, or one member of the fleet would overwrite the other", () => {
    const namespaces = new Map([["flux-system", namespace({ ...ours, "fleet.dev/stack": "prod-eu" })]]);
    assert.match(messages(spec, { ...empty, namespaces })[0] ?? "", /belongs to the stack prod-eu/);
  });

  describe("about a namespace in the state", () => {
    const identity = objectIdentity("kubernetes:core/v1:Namespace", { name: "team-a" }) ?? "";
    const stated = { ...emptyState, objects: new Map([[identity, "urn"]]) };

    it("refuses a cluster that does not have it: Pulumi would report that nothing changes", () => {
      const [found, ...others] = messages(spec, { ...empty, stated });
      assert.equal(found, "the namespace team-a is in the stack's state, and the cluster does not have it");
      assert.deepEqual(others, []);
    });

    it("refuses one that is being deleted", () => {
      const namespaces = new Map([["team-a", namespace(ours, true)]]);
      assert.deepEqual(messages(spec, { ...empty, namespaces, stated }), [
        "the namespace team-a is being deleted, so nothing can be created in it",
      ]);
    });

    it("lets one be that is there, and one that is new", () => {
      assert.deepEqual(messages(spec, { ...empty, namespaces: new Map([["team-a", namespace(ours)]]), stated }), []);
      assert.deepEqual(messages(spec, empty), []);
    });
  });

  it("refuses to remove the shard that a tenant leaves in the same update, and lets it leave first", () => {
    const namespaces = new Map([
      ["team-a", namespace({ ...ours, "fleet.dev/tenant": "team-a", "fleet.dev/shard": "old" })],
    ]);
    const of = (...shards: string[]) =>
      problemsOf(fleetSpec({ flux: { ...spec.flux, shards }, tenants: spec.tenants }), { ...empty, namespaces });
    assert.deepEqual(of("new").map(problemLine), [
      "overlay/team-a.yaml:2: namespace.name: the namespace team-a has objects of the shard old, which fleet:shards does not list: nothing would reconcile or remove them. Keep old in fleet:shards for the update that moves the tenant to another shard, and until none of its objects has the label (docs/tenants/shards.md).",
    ]);
    // Without any shard, the main controllers take all objects.
    assert.deepEqual([of("new", "old"), of()], [[], []]);
  });

  it("refuses another tenant's namespace", () => {
    const namespaces = new Map([["team-a", namespace({ ...ours, "fleet.dev/tenant": "team-z" })]]);
    assert.match(messages(spec, { ...empty, namespaces })[0] ?? "", /belongs to the tenant team-z/);
  });

  it("refuses by name a repository without our topic, however its name is spelt", () => {
    const repositories = new Map([["team-a", repository("Team-A", { topics: ["shop"] })]]);
    const found = messages(spec, { ...empty, repositories });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /repository acme\/team-a exists, but fleet does not manage it/);
  });

  it("reports all conflicts at once, each with its place in the tenant's files", () => {
    const problems = problemsOf(
      fleetSpec({
        tenants: [tenantSpec("team-a", { namespaces: { "team-a-jobs": {} } }), tenantSpec("team-b")],
      }),
      {
        namespaces: new Map([
          ["flux-system", namespace()],
          ["team-a", namespace()],
          ["team-a-jobs", namespace()],
          ["team-b", namespace()],
        ]),
        repositories: new Map([["team-b", repository("team-b", { topics: [] })]]),
        teams: new Map(),
      },
    );
    assert.deepEqual(
      problems.map((problem) => problemLine(problem).split(": ").slice(0, 2).join(" ")),
      [
        "Pulumi.staging.yaml stack",
        "overlay/team-a.yaml:2 namespace.name",
        "base/team-a.yaml:2 namespaces.team-a-jobs",
        "overlay/team-b.yaml:2 namespace.name",
        "base/team-b.yaml:2 repository.name",
      ],
    );
  });

  it("reports conflicts of the objects that could be listed, and none of the others", () => {
    const prod = fleetSpec({
      stack: "prod-eu",
      github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false },
      tenants: [tenantSpec("team-a")],
    });
    assert.deepEqual(messages(prod, {}), []);
    const found = messages(prod, { namespaces: new Map([["team-a", namespace()]]) });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /namespace team-a exists/);
    assert.equal(messages(prod, { repositories: new Map() }).length, 2);
  });

  it("says which stack creates a repository that is missing", () => {
    const prod = fleetSpec({
      stack: "prod-eu",
      github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false },
      tenants: [tenantSpec("team-a")],
    });
    const found = messages(prod, empty);
    assert.equal(found.length, 2);
    for (const message of found) assert.match(message, /only the stack staging creates repositories/);
  });

  it("says that an archived repository takes no new key, to a stack that cannot bring it back", () => {
    const prod = fleetSpec({
      stack: "prod-eu",
      github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false },
      tenants: [],
    });
    const repositories = new Map([["platform", repository("platform", { archived: true })]]);
    assert.match(messages(prod, { ...empty, repositories })[0] ?? "", /is archived/);
  });

  it("takes over what carries our label, so that a lost state ends in the same place", () => {
    const existing = {
      namespaces: new Map([
        ["flux-system", namespace(ours)],
        ["team-a", namespace({ ...ours, "fleet.dev/tenant": "team-a" })],
      ]),
      repositories: new Map([
        ["team-a", repository("team-a", { archived: true })],
        ["platform", repository("platform")],
      ]),
      teams: new Map(),
    };
    const adopt = { repositories: ["Platform", "team-a"], teams: [] };
    assert.deepEqual(messages({ ...spec, adopt }, existing), []);
    const managed = new Map([
      ["platform", undefined],
      ["team-a", "R_1"],
    ]);
    const repositories = new Map(["platform", "team-a"].map((name) => [name, repository(name, { nodeId: "R_1" })]));
    const stated = { ...emptyState, managed };
    assert.deepEqual(messages(spec, { ...existing, repositories, stated }), [], "what the state has is no question");
  });

  it("refuses to take over a repository by its topic alone, and names the people who may change it", () => {
    const repositories = new Map([["platform", repository("platform")]]);
    const writers = new Map([["platform", ["mallory (admin)", "ann (write)"]]]);
    const [found, ...others] = problemsOf(spec, { ...empty, repositories, writers });
    assert.deepEqual(others, []);
    assert.equal(
      found && problemLine(found),
      "Pulumi.staging.yaml: fleet:platformRepository.name: the repository acme/platform exists and is not in the stack's state, so it may be another's with fleet's mark (it can be changed by mallory (admin), ann (write)). If it is fleet's own, check its content and its people, and then allow it by name: pulumi config set --path 'fleet:adopt.repositories[N]' platform, N from 0.",
    );
  });

  it("uses by its topic alone no repository that another stack creates", () => {
    const github = { owner: "acme", host: "github.com", repositoryOwner: "prod-eu", ownsRepositories: false };
    const names = ["platform", "team-a", "team-b"];
    const repositories = new Map(names.map((name) => [name, repository(name, { nodeId: name })]));
    const about = (owner: ExistingState["owner"]) => messages({ ...spec, github }, { ...empty, repositories, owner });
    const found = about({ ids: new Map([["platform", "platform"]]) });
    assert.equal(found.length, 2, found.join("\n"));
    for (const message of found) assert.match(message, /exists, and the state of the stack prod-eu does not have it/);
    assert.deepEqual(about({ ids: new Map(names.map((name) => [name, name])) }), []);
    const [unnamed] = about({ ids: new Map(names.map((name) => [name, `${name}-2`])) });
    assert.match(String(unnamed), /acme\/platform is another repository than the one that the stack prod-eu created/);
  });
});
