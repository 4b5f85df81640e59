import assert from "node:assert/strict";
import { indexState, nameInUrn } from "../../../lib/state/stack-state.js";
import { findLeaving } from "../../../preflight/handed-over.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, type Sections, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

const specOf = (tenant: string, sections: Sections = {}) => fleetSpec({ tenants: [tenantSpec(tenant, sections)] });
const recorded = async (...args: Parameters<typeof specOf>) => (await recordFleet(specOf(...args))).registrations;
const stateAfter = async (...args: Parameters<typeof specOf>) => stateOf(await recorded(...args));

describe("A resource in the state", () => {
  it("has no alias while it keeps its name", async () => {
    const state = indexState(await stateAfter("team-a"), "fleet.dev/tenant");
    const { registrations } = await recordFleet(specOf("team-a"), { state });
    // Each of these components is found by its object, whatever its own name is.
    const components = ["fleet:tenant:Namespace", "fleet:tenant:Repository"];
    const aliased = registrations.filter(({ aliases, type }) => aliases.length > 0 && !components.includes(type));
    assert.deepEqual(
      aliased.map(({ name }) => name),
      [],
    );
  });

  it("is found under the name of version 0.1.0, where the first part had the tenant's name", async () => {
    const text = JSON.stringify(await stateAfter("team-a"));
    const former = text.replaceAll(/::team-a(\.team-a)+(\.tenant-git)?(?=[-"])/g, "::team-a");
    const state = indexState(JSON.parse(former), "fleet.dev/tenant");
    const fleet = await recordFleet(specOf("team-a"), { state });
    const aliases = (type: string, name: string) => fleet.find(type, name).aliases.map((urn) => urn.split("::").at(-1));
    assert.deepEqual(aliases("fleet:tenant:Repository", "team-a.team-a"), ["team-a"]);
    assert.deepEqual(aliases("fleet:tenant:Namespace", "team-a.team-a"), ["team-a"]);
    assert.deepEqual(aliases("kubernetes:core/v1:Namespace", "team-a.team-a-namespace"), ["team-a-namespace"]);
    const sync = "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization";
    assert.deepEqual(aliases(sync, "team-a.team-a-sync"), ["team-a-sync"]);
    assert.deepEqual(aliases("kubernetes:core/v1:Secret", "team-a.team-a.tenant-git-git"), ["team-a-git"]);
  });

  it("keeps its URN when its tenant gets another name: the repository, with its deploy key below it", async () => {
    const state = indexState(await stateAfter("team-a"), "fleet.dev/tenant");
    const fleet = await recordFleet(specOf("team-b", { repository: { name: "team-a" } }), { state });
    const [alias, ...others] = fleet.find("fleet:tenant:Repository", "team-b.team-a").aliases;
    assert.match(String(alias), /\$fleet:tenant:Repository::team-a\.team-a$/);
    assert.deepEqual(others, []);
  });

  it("has no alias to a repository that its tenant still has, as two tenants may with existing: true", async () => {
    const view = { name: "mono", sshUrl: "git@github.com:acme/mono.git", htmlUrl: "", topics: [], archived: false };
    const repositories = new Map([["mono", view]]);
    const sections = { repository: { name: "mono", existing: true } };
    const first = [tenantSpec("team-a", sections)];
    const { registrations } = await recordFleet(fleetSpec({ tenants: first }), { repositories });
    const state = indexState(stateOf(registrations), "fleet.dev/tenant");
    const tenants = [...first, tenantSpec("team-b", sections)];
    const fleet = await recordFleet(fleetSpec({ tenants }), { repositories, state });
    assert.deepEqual(fleet.find("fleet:tenant:Repository", "team-b.mono").aliases, []);
  });

  it("is never aliased to a resource that is registered as well, when two repositories swap places", async () => {
    const sections = (first: string, second: string): Sections => ({
      repository: { name: first },
      repositories: { [second]: {} },
      syncs: { other: { repository: second, path: "./other" } },
      webhook: true,
    });
    const swap = async (first: string, second: string, args = {}) => {
      const spec = fleetSpec({ tenants: [tenantSpec("web", sections(first, second))] });
      return await recordFleet({ ...spec, flux: { ...spec.flux, webhookUrl: "https://hooks.example.com" } }, args);
    };
    const state = indexState(stateOf((await swap("r1", "r2")).registrations), "fleet.dev/tenant");
    const { registrations } = await swap("r2", "r1", { state });
    const registered = new Set(Object.keys(stateOf(registrations)));
    const collisions = registrations.flatMap(({ name, aliases }) =>
      aliases.filter((urn) => registered.has(urn) && !urn.endsWith(`::${name}`)),
    );
    assert.deepEqual(collisions, []);
  });

  it("has no alias to a repository that another tenant had without managing it", async () => {
    const view = { name: "mono", sshUrl: "git@github.com:acme/mono.git", htmlUrl: "", topics: [], archived: false };
    const repositories = new Map([["mono", view]]);
    const shared = (name: string) => tenantSpec(name, { repository: { name: "mono", existing: true } });
    const before = await recordFleet(fleetSpec({ tenants: [shared("a")] }), { repositories });
    const state = indexState(stateOf(before.registrations), "fleet.dev/tenant");
    const fleet = await recordFleet(fleetSpec({ tenants: [shared("b"), shared("c")] }), { repositories, state });
    for (const name of ["b.mono", "c.mono"]) assert.deepEqual(fleet.find("fleet:tenant:Repository", name).aliases, []);
  });

  it("is not imported again: Pulumi would archive what it replaced", async () => {
    const state = indexState(await stateAfter("team-a"), "fleet.dev/tenant");
    const existing = {
      name: "team-a",
      sshUrl: "git@github.com:acme/team-a.git",
      htmlUrl: "",
      topics: [],
      archived: false,
    };
    const repositories = new Map([["team-a", existing]]);
    const find = async (args: Parameters<typeof recordFleet>[1]) =>
      (await recordFleet(specOf("team-a"), args)).find(
        "github:index/repository:Repository",
        "team-a.team-a-repository-github",
      );
    assert.equal((await find({ repositories, state })).importId, "");
    assert.equal((await find({ repositories })).importId, "team-a");
  });

  it("gives way before its deploy key is registered under another title, and only then", async () => {
    const state = indexState(await stateAfter("team-a"), "fleet.dev/tenant");
    const key = async (cluster: string) => {
      const fleet = await recordFleet({ ...specOf("team-a"), cluster }, { state });
      return fleet.find("github:index/repositoryDeployKey:RepositoryDeployKey", "team-a.team-a-key-registration");
    };
    assert.equal((await key("staging")).deleteBeforeReplace, false);
    assert.equal((await key("eu-1")).deleteBeforeReplace, true);
  });
});

describe("Resources of GitHub that are handed over", () => {
  it("stay registered as they are in the state, for one update, and are kept on GitHub", async () => {
    const state = indexState(await stateAfter("team-a"), "fleet.dev/tenant");
    const handedOver = state.github.filter(({ type }) => /:Repository(Ruleset)?$/.test(type));
    const github = { owner: "acme", host: "github.com", repositoryOwner: "prod-eu", ownsRepositories: false };
    const view = (name: string) => ({
      name,
      sshUrl: `git@github.com:acme/${name}.git`,
      htmlUrl: "",
      topics: [],
      archived: false,
    });
    const repositories = new Map(["team-a", "platform"].map((name) => [name, view(name)]));
    const fleet = await recordFleet({ ...specOf("team-a"), github }, { state, handedOver, repositories });
    const kept = fleet.registrations.filter(({ parent }) => parent.includes("fleet:git:HandedOver::"));
    assert.equal(kept.length, handedOver.length);
    for (const { retainOnDelete, aliases, ignoreChanges } of kept) {
      assert.equal(retainOnDelete, true);
      assert.equal(aliases.length, 1);
      assert.ok(ignoreChanges.length > 0);
    }
  });

  it("have no empty list in the rules of a ruleset: GitHub's provider refuses what it has written itself", async () => {
    const rules = { pullRequest: { allowedMergeMethods: [], requiredApprovingReviewCount: 1 }, deletion: true };
    const ruleset = {
      urn: "urn:pulumi:test::fleet::github:index/repositoryRuleset:RepositoryRuleset::fleet-platform-ruleset-fleet-review",
      type: "github:index/repositoryRuleset:RepositoryRuleset",
      repository: "platform",
      rules,
    };
    const { registrations } = await recordFleet({ ...fleetSpec() }, { handedOver: [ruleset] });
    const [kept] = registrations.filter(({ parent }) => parent.includes("fleet:git:HandedOver::"));
    assert.deepEqual(kept?.inputs.rules, { pullRequest: { requiredApprovingReviewCount: 1 }, deletion: true });
  });
});

describe("Repositories and teams that no file names any more", () => {
  it("stay registered for one update: the next one archives the repository, and keeps its ruleset and the team", async () => {
    const team = { name: "shop", members: ["ann"] };
    const { registrations } = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { team })] }));
    const state = indexState(stateOf(registrations), "fleet.dev/tenant");
    const fleet = await recordFleet(fleetSpec(), { state, leaving: findLeaving(fleetSpec(), state, []) });
    const kept = fleet.registrations.filter(({ parent }) => parent.includes("fleet:git:Leaving::"));
    assert.deepEqual(
      kept
        .map(({ name, retainOnDelete, deletedWith }) => [name, retainOnDelete, deletedWith.split("::").at(-1)])
        .sort(),
      [
        ["team-a-team-github", true, ""],
        ["team-a.team-a-repository-github", false, ""],
        ["team-a.team-a-ruleset-fleet", false, "team-a.team-a-repository-github"],
      ],
    );
    for (const { name, aliases } of kept) {
      assert.deepEqual(aliases.map(nameInUrn), [name]);
    }
  });
});

describe("A tenant that only another stack runs", () => {
  it("has a repository with its rulesets, and nothing on this cluster", async () => {
    const spec = fleetSpec({ tenantsElsewhere: [tenantSpec("team-a", { team: { name: "a", members: ["ann"] } })] });
    const fleet = await recordFleet(spec);
    const types = new Set(fleet.registrations.filter(({ name }) => name.startsWith("team-a")).map(({ type }) => type));
    assert.deepEqual([...types].sort(), [
      "fleet:git:Repository",
      "fleet:tenant:Repository",
      "fleet:tenant:Team",
      "fleet:tenant:Tenant",
      "github:index/repository:Repository",
      "github:index/repositoryRuleset:RepositoryRuleset",
      "github:index/team:Team",
      "github:index/teamMembership:TeamMembership",
      "github:index/teamRepository:TeamRepository",
    ]);
  });
});
