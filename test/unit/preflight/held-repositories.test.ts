import assert from "node:assert/strict";
import fc from "fast-check";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { indexState, nameInUrn, type StackState } from "../../../lib/state/stack-state.js";
import { findLeaving } from "../../../preflight/handed-over.js";
import { describeHeld, findHeld, stillLeaving } from "../../../preflight/held-repositories.js";
import { describeRemovals } from "../../../preflight/removals.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

const stacks = ["prod-eu", "prod-us", "staging"];
const web = tenantSpec("web", { repositories: { "web-api": {} } });
const shop = tenantSpec("shop");
const former = fleetSpec({ stacks, tenants: [web, shop] });
const without = fleetSpec({ stacks, tenants: [shop] });
const outputs = (name: string, repository = `ssh://git@github.com/acme/${name}.git`) => ({
  tenants: { [name]: { namespace: name, repository } },
});

describe("a repository that an update would archive", () => {
  let state: StackState;
  const index = () => indexState(state, "fleet.dev/tenant");
  const reads: string[] = [];
  beforeEach(() => {
    reads.length = 0;
  });
  before(async () => {
    state = stateOf((await recordFleet(former)).registrations);
    const left = { state: index(), leaving: findLeaving(without, index(), []) };
    const { registrations } = await recordFleet(without, left);
    const inputs = new Map(Object.entries(state).map(([urn, { outputs: own }]) => [nameInUrn(urn), own]));
    state = stateOf(registrations.map((one) => ({ ...one, inputs: { ...inputs.get(one.name), ...one.inputs } })));
  });

  /** The stacks that hold repositories, by these outputs and resources of other stacks. */
  async function held(
    spec: FleetSpec,
    others: Readonly<Record<string, unknown>>,
    resources: Readonly<Record<string, StackState>> = {},
  ) {
    const read = <Value>(found: Readonly<Record<string, Value>>, what: string) => {
      return async (stack: string) => {
        reads.push(`${what} of ${stack}`);
        return found[stack] ?? Promise.reject(new Error(`unknown stack "${stack}"\nmore`));
      };
    };
    return await findHeld(spec, index(), { outputs: read(others, "outputs"), resources: read(resources, "resources") });
  }
  const names = (found: Awaited<ReturnType<typeof held>>) =>
    found.map(({ resource, stacks: holding }) => [resource.repository, holding.map(({ stack }) => stack)]);

  it("stays out of the archive while another stack has the tenant, with the order of the updates", async () => {
    const found = await held(without, { "prod-eu": outputs("web"), "prod-us": outputs("shop") });
    assert.deepEqual(names(found), [
      ["web", ["prod-eu"]],
      ["web-api", ["prod-eu"]],
    ]);
    assert.deepEqual(describeRemovals(without, index(), { handedOver: [], leaving: [], held: found }), [
      "This update does not archive the repository acme/web of the tenant web yet: the stack prod-eu still uses it, and an archived repository refuses the removal of deploy keys. Run pulumi up on prod-eu first, and then on staging again.",
      "This update does not archive the repository acme/web-api of the tenant web yet: the stack prod-eu still uses it, and an archived repository refuses the removal of deploy keys. Run pulumi up on prod-eu first, and then on staging again.",
    ]);
    assert.deepEqual(reads, ["outputs of prod-eu", "outputs of prod-us"]);
  });

  it("stays registered with its ruleset, and so does nothing else", async () => {
    const found = await held(without, { "prod-eu": outputs("web"), "prod-us": {} });
    const leaving = stillLeaving(index(), found);
    assert.deepEqual(leaving.map(({ urn }) => nameInUrn(urn)).sort(), [
      "web.web-api-repository-github",
      "web.web-api-ruleset-fleet",
      "web.web-repository-github",
      "web.web-ruleset-fleet",
    ]);
    const again = await recordFleet(without, { state: index(), leaving });
    const urns = (one: StackState) =>
      Object.keys(one)
        .filter((urn) => urn.includes("fleet:git:Leaving$"))
        .sort();
    assert.deepEqual(urns(stateOf(again.registrations)), urns(state));
  });

  it("stays while another stack cannot be read, unless the settings name that stack", async () => {
    const others = { "prod-us": outputs("shop") };
    const found = await held(without, others);
    assert.match(
      describeHeld(without, found)[0] ?? "",
      /the stack prod-eu may still use it, and could not be read \(unknown stack "prod-eu"\)\. .* remove stacks\/prod-eu, or give the reason in fleet:unreadableStacks\.prod-eu\.$/,
    );
    const consent = { ...without, unreadableStacks: { "prod-eu": "Its state is lost" } };
    assert.deepEqual(await held(consent, others), []);
    const wrong = { ...others, "prod-eu": { tenants: "none" } };
    assert.match(
      describeHeld(without, await held(without, wrong))[0] ?? "",
      /its outputs are not those of this program/,
    );
  });

  it("stays although the settings name a stack, if that can be read and has the tenant", async () => {
    const consent = { ...without, unreadableStacks: { "prod-eu": "We thought so" } };
    assert.deepEqual(names(await held(consent, { "prod-eu": outputs("web"), "prod-us": {} }))[0], ["web", ["prod-eu"]]);
  });

  it("stays while a tenant of another name clones it", async () => {
    const cloned = outputs("old-web", "https://github.com/acme/Web");
    assert.deepEqual(names(await held(without, { "prod-eu": cloned, "prod-us": {} })), [["web", ["prod-eu"]]]);
  });

  describe("of a tenant that stays", () => {
    const smaller = fleetSpec({ stacks, tenants: [tenantSpec("web"), shop] });
    const keys = async () => {
      const { registrations } = await recordFleet({ ...former, stack: "prod-eu" });
      return stateOf(registrations);
    };

    it("stays while another stack has a deploy key of it, and while its resources cannot be read", async () => {
      const others = { "prod-eu": outputs("web"), "prod-us": {} };
      assert.deepEqual(names(await held(smaller, others, { "prod-eu": await keys() })), [["web-api", ["prod-eu"]]]);
      assert.deepEqual(
        reads.filter((read) => read.startsWith("resources")),
        ["resources of prod-eu"],
      );
      assert.match(describeHeld(smaller, await held(smaller, others))[0] ?? "", /could not be read/);
    });

    it("goes once it has none", async () => {
      assert.deepEqual(await held(smaller, { "prod-eu": outputs("web"), "prod-us": {} }, { "prod-eu": {} }), []);
    });
  });

  it("goes once all stacks are read and none has it, and other stacks are not read without any", async () => {
    assert.deepEqual(await held(without, { "prod-eu": {}, "prod-us": outputs("shop") }), []);
    reads.length = 0;
    assert.deepEqual(await held(former, {}), []);
    const other = { ...without.github, ownsRepositories: false };
    assert.deepEqual(await held({ ...without, github: other }, {}), []);
    assert.deepEqual(reads, []);
  });

  it("is archived only if every other stack lets it go", async () => {
    const answer = fc.constantFrom("has", "lacks", "unreadable", "consented");
    await fc.assert(
      fc.asyncProperty(answer, answer, async (eu, us) => {
        const given = Object.entries({ "prod-eu": eu, "prod-us": us });
        const readable = given.filter(([, one]) => one === "has" || one === "lacks");
        const others = Object.fromEntries(
          readable.map(([stack, one]) => [stack, outputs(one === "has" ? "web" : "shop")]),
        );
        const consented = given.filter(([, one]) => one === "consented").map(([stack]) => [stack, "gone"]);
        const found = await held({ ...without, unreadableStacks: Object.fromEntries(consented) }, others);
        const holding = given.filter(([, one]) => one === "has" || one === "unreadable").map(([stack]) => stack);
        assert.deepEqual(found[0]?.stacks.map(({ stack }) => stack) ?? [], holding);
      }),
    );
  });
});
