import assert from "node:assert/strict";
import type { Scaffold } from "../../../../config/tenant/repositories/scaffolds.js";
import { emptyState } from "../../../../lib/state/stack-state.js";
import type { Recording, Registration } from "../../../../review/record/recorder.js";
import type { Fields } from "../../../support/objects/object.js";
import { ownRepository, recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const repositoryType = "github:index/repository:Repository";
const fileType = "github:index/repositoryFile:RepositoryFile";
const rulesetType = "github:index/repositoryRuleset:RepositoryRuleset";

const withScaffold = (scaffold: Scaffold | boolean | undefined, name = "team-a") =>
  tenantSpec(name, scaffold === undefined ? {} : { repository: { scaffold } });
const recordWith = (...scaffolds: readonly (Scaffold | boolean | undefined)[]) =>
  recordFleet(fleetSpec({ tenants: scaffolds.map((scaffold, index) => withScaffold(scaffold, `team-${index}`)) }));
const templates = (fleet: Recording) =>
  fleet.ofType(repositoryType).flatMap(({ inputs }) => (inputs.isTemplate === true ? [inputs.name] : []));
/** Type, name and inputs of everything that is registered. */
const everything = (fleet: Recording) => fleet.registrations.map(({ type, name, inputs }) => [type, name, inputs]);

describe("The templates of tenants' repositories", () => {
  it("are one, with the same files, for a fleet whose tenant files name no kind, or the former true", async () => {
    const plain = await recordWith(undefined);
    assert.deepEqual(templates(plain), ["tenant-template"]);
    for (const scaffold of ["kustomize", true] as const) {
      assert.deepEqual(everything(await recordWith(scaffold)), everything(plain), String(scaffold));
    }
  });

  it("are those of the named kinds besides, each protected, with files of its own", async () => {
    const fleet = await recordWith("helm", "minimal", false);
    assert.deepEqual(templates(fleet), ["tenant-template", "tenant-template-helm", "tenant-template-minimal"]);
    for (const name of templates(fleet)) {
      assert.ok(fleet.ofType(rulesetType).some(({ inputs }) => inputs.repository === name));
      assert.ok(fleet.ofType(fileType).some(({ inputs }) => inputs.repository === name));
    }
    const generated = fleet.ofType(repositoryType).filter(({ name }) => name.startsWith("team-"));
    const templateOf = generated.map(({ inputs }) => [
      inputs.name,
      (inputs.template as Fields | undefined)?.repository,
    ]);
    assert.deepEqual(Object.fromEntries(templateOf), {
      "team-0": "tenant-template-helm",
      "team-1": "tenant-template-minimal",
      "team-2": undefined,
    });
  });

  it("have all their files before a repository is generated from them", async () => {
    const fleet = await recordWith("helm");
    const files = fleet.ofType(fileType).filter(({ inputs }) => inputs.repository === "tenant-template-helm");
    assert.ok(files.length > 5);
    // The repository is registered below a component, which waits.
    const generated = fleet.find("fleet:git:Repository", "team-0.team-0-repository");
    assert.equal(fleet.find(repositoryType, "team-0.team-0-repository-github").parent, generated.urn);
    // Directly: `pulumi up --target` refuses a repository before a new file only if it is a dependency of its own.
    for (const file of files) assert.ok(generated.dependsOn.includes(file.urn), file.name);
  });

  it("cost a tenant no resource: with nothing but a name it has 19, whatever its kind", async () => {
    // One after the other: recordings side by side have each other's resources.
    for (const scaffold of [undefined, "helm", "kustomize", "minimal"] as const) {
      const fleet = await recordFleet(fleetSpec({ tenants: [withScaffold(scaffold)] }));
      assert.equal(fleet.registrations.filter(({ name }) => /^team-a(\.|$)/.test(name)).length, 19, scaffold);
    }
  });

  it("leave a repository that exists as it is, when its file names another kind", async () => {
    const kinds = ["kustomize", "helm", "minimal", false] as const;
    const repositories: Registration[] = [];
    for (const kind of kinds) {
      repositories.push((await recordWith(kind)).find(repositoryType, "team-0.team-0-repository-github"));
    }
    assert.equal(new Set(repositories.map(({ inputs }) => JSON.stringify(inputs.template))).size, kinds.length);
    for (const { ignoreChanges, inputs } of repositories) {
      assert.deepEqual(ignoreChanges, ["template", "autoInit"]);
      const { template: _template, autoInit: _autoInit, ...others } = inputs;
      const { template: _first, autoInit: _second, ...expected } = repositories[0]?.inputs ?? {};
      assert.deepEqual(others, expected);
    }
  });

  it("write no file into a tenant's repository by themselves: only GitHub copies them, into a new one", async () => {
    const fleet = await recordWith("helm", "minimal");
    const files = fleet.ofType(fileType).filter(({ inputs }) => String(inputs.repository).startsWith("team-"));
    assert.deepEqual(files, []);
  });

  it("stay while the state has them, or a later tenant would meet a repository of unknown origin", async () => {
    const state = { ...emptyState, managed: new Map([["tenant-template-helm", undefined]]) };
    const repositories = new Map([ownRepository("tenant-template-helm")]);
    const fleet = await recordFleet(fleetSpec({ tenants: [withScaffold("minimal")] }), { state, repositories });
    assert.deepEqual(templates(fleet), ["tenant-template", "tenant-template-helm", "tenant-template-minimal"]);
  });

  it("are none for an existing repository, nor on a stack that creates no repositories", async () => {
    const existing = tenantSpec("team-a", { repository: { existing: true, scaffold: "helm" } });
    const repositories = new Map([ownRepository("team-a"), ownRepository("platform")]);
    assert.deepEqual(templates(await recordFleet(fleetSpec({ tenants: [existing] }), { repositories })), [
      "tenant-template",
    ]);
    const github = { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false };
    const spec = fleetSpec({ tenants: [withScaffold("helm")], github });
    assert.deepEqual(templates(await recordFleet(spec, { repositories })), []);
  });
});
