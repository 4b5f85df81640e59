import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
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
  after(() => checkout?.end());

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

  it("registers nothing, and writes nothing to GitHub, when the promotion gate alone refuses", async () => {
    const { refusal, registrations, requests } = await checkout.run({});
    assert.match(
      refusal ?? "",
      /^\nPulumi\.prod-eu\.yaml: fleet:promotesFrom: the stack staging has no output that says what it has run\. Run [^\n]*$/,
    );
    assert.deepEqual([registrations, requests.filter((line) => !line.startsWith("GET "))], [[], []]);
    assert.ok(requests.length > 0);
  });

  it("says in a preview that the gate would refuse, and registers what the update would", async () => {
    const { refusal, registrations, sentences } = await checkout.run({ preview: true });
    assert.equal(refusal, undefined);
    assert.match(sentences.join("\n"), /^pulumi up would be refused: Pulumi\.prod-eu\.yaml: fleet:promotesFrom: the/m);
    assert.ok(registrations.length > 50, String(registrations.length));
  });

  it("registers nothing when preflight alone refuses", async () => {
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
    // It imports from team-a, which then lets pods of another namespace in.
    checkout.write({ "stacks/prod-eu/tenants/team-b.yaml": "sync: {ref: {branch: main}}\n" });
    const leftOut = ["team-b"];
    const first = await checkout.run({ proved, leftOut });
    assert.deepEqual([first.refusal, ofType(first, tenantComponent)], [undefined, ["team-a"]]);
    const urn = (rest: string) => `urn:pulumi:prod-eu::fleet::${rest}`;
    const state: StackState = {
      [urn("pulumi:pulumi:Stack::fleet-prod-eu")]: { type: "pulumi:pulumi:Stack", outputs: {} },
      [urn(`${PROOF_TYPE}::${PROOF_RESOURCE}`)]: { type: PROOF_TYPE, outputs: { input: stashOf(first) } },
    };
    const freeze = { from: "2000-01-01T00:00", until: "2099-01-01T00:00", reason: "Closing" };
    const frozen = { proved, state, settings: { "fleet:freezes": JSON.stringify([freeze]) } };
    const whole = await checkout.run(frozen);
    assert.match(whole.refusal ?? "", /nothing may change .* the tenant team-b/);
    assert.deepEqual(whole.registrations, []);
    const rest = await checkout.run({ ...frozen, leftOut });
    rmSync(join(checkout.root, "stacks/prod-eu/tenants/team-b.yaml"));
    assert.deepEqual([rest.refusal, ofType(rest, tenantComponent)], [undefined, ["team-a"]]);
    assert.match(rest.sentences.join("\n"), /the tenant team-b stays as it is/);
  });
});
