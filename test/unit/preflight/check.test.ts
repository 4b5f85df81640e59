import assert from "node:assert/strict";
import { type World, worldProblems } from "../../../preflight/check.js";
import type { FleetSpec } from "../../../stacks/schema.js";
import { fleetSpec, tenantSpec } from "../support/spec.js";

const empty: World = { namespaces: new Map(), repositories: new Map(), teams: new Map() };
const ours = { "app.kubernetes.io/managed-by": "fleet", "fleet.dev/stack": "staging" };
const repository = (name: string, overrides: object = {}) => ({
  name,
  sshUrl: `git@github.com:acme/${name}.git`,
  htmlUrl: `https://github.com/acme/${name}`,
  topics: ["managed-by-fleet"],
  archived: false,
  ...overrides,
});
const messages = (spec: FleetSpec, world: World) => worldProblems(spec, world, "flux-system").map((p) => p.message);

describe("worldProblems", () => {
  const spec = fleetSpec({ tenants: [tenantSpec("team-a"), tenantSpec("team-b")] });

  it("refuses by name a tenant's namespace that somebody else made", () => {
    const found = messages(spec, { ...empty, namespaces: new Map([["team-a", { owner: "somebody" }]]) });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /namespace team-a exists and is not this program's/);
  });

  it("refuses a Flux that somebody else installed", () => {
    const found = messages(spec, { ...empty, namespaces: new Map([["flux-system", {}]]) });
    assert.match(found[0] ?? "", /namespace flux-system exists/);
  });

  it("refuses the cluster of another stack, or one member of the fleet would overwrite the other", () => {
    const namespaces = new Map([["flux-system", { ...ours, "fleet.dev/stack": "prod-eu" }]]);
    assert.match(messages(spec, { ...empty, namespaces })[0] ?? "", /belongs to the stack prod-eu/);
  });

  it("refuses another tenant's namespace", () => {
    const namespaces = new Map([["team-a", { ...ours, "fleet.dev/tenant": "team-z" }]]);
    assert.match(messages(spec, { ...empty, namespaces })[0] ?? "", /belongs to the tenant team-z/);
  });

  it("refuses by name a repository without our topic, however its name is spelt", () => {
    const repositories = new Map([["team-a", repository("Team-A", { topics: ["shop"] })]]);
    const found = messages(spec, { ...empty, repositories });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /repository acme\/team-a exists and is not this program's/);
  });

  it("reports everything in the way at once, with the file of each tenant", () => {
    const problems = worldProblems(
      spec,
      {
        namespaces: new Map([
          ["team-a", {}],
          ["team-b", {}],
        ]),
        repositories: new Map([["team-b", repository("team-b", { topics: [] })]]),
        teams: new Map(),
      },
      "flux-system",
    );
    assert.deepEqual(
      problems.map(({ file, path }) => `${file} ${path}`),
      [
        "stacks/staging/tenants/team-a.yaml namespace.name",
        "stacks/staging/tenants/team-b.yaml namespace.name",
        "stacks/staging/tenants/team-b.yaml repository.name",
      ],
    );
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
    const world = {
      namespaces: new Map<string, Record<string, string>>([
        ["flux-system", ours],
        ["team-a", { ...ours, "fleet.dev/tenant": "team-a" }],
      ]),
      repositories: new Map([
        ["team-a", repository("team-a", { archived: true })],
        ["platform", repository("platform")],
      ]),
      teams: new Map(),
    };
    assert.deepEqual(messages(spec, world), []);
  });
});
