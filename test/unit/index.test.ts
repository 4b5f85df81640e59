import assert from "node:assert/strict";
import { PROOF_RESOURCE, PROOF_TYPE } from "../../lib/state/proved-stash.js";
import { fleetComponent, type StackState, tenantComponent } from "../../lib/state/stack-state.js";
import { type Proof, parseProof } from "../../promotion/proof.js";
import { ProgramCheckout, type ProgramRun } from "../support/unit/program-checkout.js";

/** The program on a stack that promotes from another one: everything is checked before the first registration. */
describe("The program", () => {
  let checkout: ProgramCheckout;
  let proved: Proof;
  before(async () => {
    checkout = await ProgramCheckout.start();
    proved = await checkout.provedByStaging();
  });
  after(() => checkout.end());

  const ofType = ({ registrations }: ProgramRun, wanted: string) =>
    registrations.filter(({ type }) => type === wanted).map(({ name }) => name);
  const stashOf = ({ registrations }: ProgramRun) => {
    const stash = registrations.find(({ type, name }) => type === PROOF_TYPE && name === PROOF_RESOURCE);
    return stash?.inputs.input;
  };

  it("registers everything that the predecessor has run, and proves it", async () => {
    const run = await checkout.run({ proved });
    assert.equal(run.refusal, undefined);
    assert.deepEqual([ofType(run, fleetComponent), ofType(run, tenantComponent)], [["fleet"], ["team-a"]]);
    assert.ok(run.registrations.length > 50, String(run.registrations.length));
    assert.deepEqual(Object.keys(parseProof(stashOf(run))?.tenants ?? {}), ["team-a"]);
  });

  it("registers nothing when the promotion gate refuses, and nothing else does", async () => {
    const { refusal, registrations } = await checkout.run({});
    assert.match(
      refusal ?? "",
      /^\nPulumi\.prod-eu\.yaml: fleet:promotesFrom: the stack staging has no output that says what it has run\. Run [^\n]*$/,
    );
    assert.deepEqual(registrations, []);
  });

  it("registers nothing when preflight refuses, and nothing else does", async () => {
    const { "/api/v1/namespaces": none = 404 } = checkout.cluster;
    checkout.cluster["/api/v1/namespaces"] = { items: [{ metadata: { name: "team-a" } }] };
    try {
      const { refusal, registrations } = await checkout.run({ proved });
      assert.match(refusal ?? "", /^\nstacks\/\S+team-a\.yaml\S*: [^\n]*the namespace team-a exists[^\n]*$/);
      assert.deepEqual(registrations, []);
    } finally {
      checkout.cluster["/api/v1/namespaces"] = none;
    }
  });

  it("is judged in a freeze by what it registers: a tenant that it leaves out, and never had, connects to nothing", async () => {
    const first = await checkout.run({ proved });
    const urn = (rest: string) => `urn:pulumi:prod-eu::fleet::${rest}`;
    const state: StackState = {
      [urn("pulumi:pulumi:Stack::fleet-prod-eu")]: { type: "pulumi:pulumi:Stack", outputs: {} },
      [urn(`${PROOF_TYPE}::${PROOF_RESOURCE}`)]: { type: PROOF_TYPE, outputs: { input: stashOf(first) } },
    };
    const freeze = { from: "2026-01-01T00:00", until: "2099-01-01T00:00", reason: "Closing" };
    const frozen = { proved, state, settings: { "fleet:freezes": JSON.stringify([freeze]) } };
    assert.equal((await checkout.run(frozen)).refusal, undefined);
    // Its import makes team-a, which exports it, let pods of another namespace in.
    checkout.write({ "stacks/prod-eu/tenants/team-b.yaml": "sync: {ref: {branch: main}}\n" });
    const whole = await checkout.run(frozen);
    assert.match(whole.refusal ?? "", /nothing may change .* the tenant team-b/);
    assert.deepEqual(whole.registrations, []);
    const rest = await checkout.run({ ...frozen, leftOut: ["team-b"] });
    assert.equal(rest.refusal, undefined);
    assert.deepEqual(ofType(rest, tenantComponent), ["team-a"]);
  });
});
