import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { findRulesetsToImport } from "../../../preflight/rulesets.js";
import { FakeGitHub } from "../../support/unit/fake-github.js";
import { ownRepository } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

/** GitHub's answer for each repository: its rulesets, or a status. */
const answers: Readonly<Record<string, unknown>> = {
  "team-a": [
    { id: 7, name: "fleet" },
    { id: 8, name: "of-another-owner" },
  ],
  "tenant-template": [{ id: 11, name: "fleet" }],
  "tenant-template-helm": [{ id: 12, name: "fleet" }],
  "tenant-template-minimal": [{ id: 13, name: "fleet" }],
  "team-free": 403,
  "team-secret": 401,
};

describe("findRulesetsToImport", () => {
  const github = new FakeGitHub(answers);
  const asked = () => github.requests.map(({ repository }) => repository);
  before(() => github.start());
  beforeEach(() => github.requests.splice(0));
  after(() => github.stop());

  const spec = fleetSpec({ tenants: [tenantSpec("team-a")] });
  const stateOf = (...names: readonly string[]): StackState =>
    Object.fromEntries(
      names.map((name) => [
        `urn:${name}`,
        { type: "github:index/repositoryRuleset:RepositoryRuleset", outputs: { repository: "team-a", name } },
      ]),
    );
  const find = (of: FleetSpec, state: StackState = {}, existing = of.tenants.map(({ name }) => name)) => {
    return findRulesetsToImport(of, new Map(existing.map(ownRepository)), {
      state,
      renamed: new Map(),
      environment: github.environment,
    });
  };

  it("finds by name the rulesets of a lost state, and ignores those of other owners", async () => {
    assert.deepEqual([...(await find(spec))], [["team-a/fleet", 7]]);
    assert.deepEqual(asked(), ["team-a"]);
  });

  it("finds none of the state by a name that differs in case only, and none that was handed over", async () => {
    const upper = fleetSpec({ tenants: [tenantSpec("team-a", { repository: { name: "Team-A" } })] });
    assert.deepEqual([...(await find(upper, stateOf("fleet"), ["team-a"]))], []);
    const [[, resource] = []] = Object.entries(stateOf("fleet"));
    assert.ok(resource);
    const handedOver = { "urn:pulumi:staging::fleet::fleet:git:HandedOver$x::y": resource };
    assert.deepEqual([...(await find(spec, handedOver))], [["team-a/fleet", 7]]);
    github.requests.splice(0);
  });

  it("finds those of each template that a tenant uses, or that the state has, and of no other", async () => {
    const names = ["tenant-template", "tenant-template-helm", "tenant-template-minimal"];
    const helm = fleetSpec({ tenants: [tenantSpec("team-b", { repository: { scaffold: "helm" } })] });
    await find(helm, {}, names);
    assert.deepEqual(asked().sort(), ["tenant-template", "tenant-template-helm"]);
    github.requests.splice(0);
    const outputs = { name: "tenant-template-minimal" };
    await find(helm, { "urn:minimal": { type: "github:index/repository:Repository", outputs } }, names);
    assert.deepEqual(asked().sort(), names);
  });

  it("asks GitHub nothing while the state has them, or no preview would be free of requests for each tenant", async () => {
    assert.deepEqual([...(await find(spec, stateOf("fleet")))], []);
    assert.deepEqual(asked(), []);
  });

  it("imports nothing that the state has: the engine would delete it as replaced", async () => {
    const repository = { protection: { pullRequest: true } };
    const more = fleetSpec({ tenants: [tenantSpec("team-a", { repository })] });
    assert.deepEqual([...(await find(more, stateOf("fleet")))], []);
    assert.deepEqual(asked(), ["team-a"], "the second ruleset may be there");
  });

  it("asks nothing about repositories that do not exist yet, have another owner, or have no protection", async () => {
    const open = { protection: { enabled: false } };
    await find(spec, {}, []);
    await find(fleetSpec({ tenants: [tenantSpec("team-a", { repository: { existing: true } })] }));
    await find(fleetSpec({ tenants: [tenantSpec("team-a", { repository: open })] }));
    await find({ ...spec, github: { ...spec.github, ownsRepositories: false } });
    assert.deepEqual(asked(), []);
  });

  it("finds none on GitHub's free plan, which has no rulesets for private repositories", async () => {
    assert.deepEqual([...(await find(fleetSpec({ tenants: [tenantSpec("team-free")] })))], []);
  });

  it("names the repository when GitHub does not answer: it would refuse a second ruleset", async () => {
    await assert.rejects(find(fleetSpec({ tenants: [tenantSpec("team-secret")] })), (error: unknown) => {
      assert.ok(error instanceof FleetError);
      assert.match(error.message, /GITHUB_TOKEN: GitHub did not list the rulesets of acme\/team-secret/);
      return true;
    });
  });
});
