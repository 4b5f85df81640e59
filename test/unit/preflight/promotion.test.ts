import assert from "node:assert/strict";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { checkPromotion, type PromotionArgs } from "../../../preflight/promotion.js";
import type { Part } from "../../../promotion/content.js";
import { nextProof } from "../../../promotion/proof.js";
import { fleetSpec } from "../../support/unit/spec.js";

const now = Date.UTC(2026, 0, 1);
const content: readonly Part[] = [{ kind: "program", name: "", value: "2", file: "index.ts", path: "" }];
const promotion = { from: "staging", needs: "applied", soak: "0s", freezes: [], longestOverride: "2160h" } as const;
const spec = fleetSpec({ stack: "prod-eu", promotion });
const overridden = {
  ...promotion,
  override: { reason: "Urgent", until: "2026-01-02T00:00", timeZone: "UTC" },
};
const proved = nextProof({ before: undefined, content, now });

function args(changes: Partial<PromotionArgs> = {}): PromotionArgs {
  const none = async () => ({});
  return { content, state: none, outputs: none, now: () => now, isPreview: false, ...changes };
}

async function refusal(changes: Partial<PromotionArgs>): Promise<string> {
  try {
    await checkPromotion(spec, args(changes));
  } catch (error) {
    assert.ok(error instanceof FleetError);
    return error.message;
  }
  return "";
}

const unknown = async () => {
  throw new Error('unknown stack "organization/fleet/staging"\nat line 2');
};

describe("the gate of a stack", () => {
  it("refuses when the predecessor cannot be read, has no outputs, or has others", async () => {
    const setting = "Pulumi.prod-eu.yaml: fleet:promotesFrom: ";
    assert.equal(
      await refusal({ outputs: unknown }),
      `${setting}the outputs of the stack staging could not be read (unknown stack "organization/fleet/staging"), so it is unknown what it has run. Use the backend of that stack, and run pulumi up on it first. In an emergency, set fleet:promotionOverride.`,
    );
    assert.match(await refusal({ outputs: async () => undefined }), /could not be read/);
    assert.match(
      await refusal({ outputs: async () => ({ proved: "yes" }) }),
      /has no output that says what it has run/,
    );
    assert.match(await refusal({}), /has no output that says what it has run/);
  });

  it("refuses nothing in a preview, which says that the update would be refused", async () => {
    const { refusals, next } = await checkPromotion(spec, args({ isPreview: true, outputs: unknown }));
    assert.equal(refusals.length, 1);
    assert.match(
      refusals[0] ?? "",
      /^pulumi up would be refused: Pulumi\.prod-eu\.yaml: fleet:promotesFrom: the outputs/,
    );
    assert.deepEqual(next(now), proved);
  });

  it("is not held back by another tenant in an update of one tenant, and has the proof of this one", async () => {
    const tenant = (name: string): Part => ({ kind: "tenant", name, value: "1", file: `${name}.yaml`, path: "" });
    const all = [...content, tenant("team-a"), tenant("team-b")];
    const some = nextProof({ before: undefined, content: [...content, tenant("team-a")], now });
    const update = (only?: string) => refusal({ content: all, only, outputs: async () => ({ proved: some }) });
    assert.match(await update(), /never run this base file of the tenant team-b/);
    assert.match(await update("team-b"), /never run this base file of the tenant team-b/);
    assert.equal(await update("team-a"), "");
    const urn = "urn:pulumi:prod-eu::fleet::pulumi:index:Stash::fleet-proved";
    const state = async () => ({ [urn]: { type: "pulumi:index:Stash", outputs: { input: proved } } });
    const own = await checkPromotion(spec, args({ content: all, only: "team-a", isPreview: true, state }));
    assert.deepEqual(Object.keys(own.next(now)?.tenants ?? {}), ["team-a"]);
    const first = await checkPromotion(spec, args({ content: all, only: "team-a", isPreview: true }));
    assert.equal(first.next(now), undefined);
  });

  it("names the command that leaves out tenants, if they alone hold back the update", async () => {
    const tenant = (name: string): Part => ({ kind: "tenant", name, value: "1", file: `${name}.yaml`, path: "" });
    const all = [...content, tenant("team-a"), tenant("team-b")];
    const some = nextProof({ before: undefined, content: [...content, tenant("team-a")], now });
    const outputs = async () => ({ proved: some });
    const way = "npx fleet up: prod-eu --leave-blocked: updates everything else, and leaves team-b as it is.";
    assert.ok((await refusal({ content: all, outputs })).includes(way));
    const { refusals } = await checkPromotion(spec, args({ content: all, outputs, isPreview: true }));
    assert.equal(refusals.at(-1), way);
    const program = { kind: "program", name: "", value: "3", file: "index.ts", path: "" } as const;
    const more = [program, tenant("team-a"), tenant("team-b")];
    for (const update of [
      { content: more },
      { content: all, only: "team-b" },
      { content: more, leftOut: ["team-b"] },
    ]) {
      assert.doesNotMatch(await refusal({ ...update, outputs }), /leave-blocked/);
    }
  });

  it("is not held back by tenants that the update leaves out, names each with its reason, and proves the others", async () => {
    const tenant = (name: string): Part => ({ kind: "tenant", name, value: "1", file: `${name}.yaml`, path: "" });
    const all = [...content, tenant("team-a"), tenant("team-b")];
    const some = nextProof({ before: undefined, content: [...content, tenant("team-a")], now });
    const leave = async (...leftOut: string[]) =>
      await checkPromotion(spec, args({ content: all, leftOut, outputs: async () => ({ proved: some }) }));
    const { behind, next } = await leave("team-b");
    assert.deepEqual(behind, [
      "the tenant team-b stays as it is: team-b.yaml: the stack staging has never run this base file of the tenant team-b. Run pulumi up on the stack staging first, from the same files.",
    ]);
    assert.deepEqual(Object.keys(next(now)?.tenants ?? {}), ["team-a"]);
    assert.deepEqual(next(now)?.leftOut, { "team-b": "2026-01-01T00:00:00Z" });
    const [, other] = (await leave("team-b", "team-a")).behind;
    assert.equal(
      other,
      "the tenant team-a stays as it is: it was held back when the command began, and no longer is. Run the command again.",
    );
    await assert.rejects(leave("team-a"), /never run this base file of the tenant team-b/);
  });

  it("refuses the removal of a tenant that the predecessor runs, and not in an update of another tenant", async () => {
    const tenant = (name: string): Part => ({ kind: "tenant", name, value: "1", file: `${name}.yaml`, path: "" });
    const all = nextProof({ before: undefined, content: [...content, tenant("team-a"), tenant("team-b")], now });
    const urn = "urn:pulumi:prod-eu::fleet::pulumi:index:Stash::fleet-proved";
    const state = async () => ({ [urn]: { type: "pulumi:index:Stash", outputs: { input: all } } });
    const update = (only?: string) =>
      refusal({ content: [...content, tenant("team-a")], only, state, outputs: async () => ({ proved: all }) });
    const line = /the stack staging still runs the tenant team-b, which this update removes/;
    for (const only of [undefined, "team-b"]) assert.match(await update(only), line);
    assert.equal(await update("team-a"), "");
  });

  it("asks for no other stack without predecessor", async () => {
    const own = fleetSpec({ stack: "staging" });
    const { refusals, before, next } = await checkPromotion(own, args({ outputs: unknown }));
    assert.deepEqual([refusals, before, next(now)], [[], undefined, proved]);
  });

  it("passes what the predecessor has run", async () => {
    assert.equal(await refusal({ outputs: async () => ({ proved }) }), "");
  });

  it("passes by an override, says so, and keeps it once", async () => {
    const urgent = { ...spec, promotion: overridden };
    const first = await checkPromotion(urgent, args({ outputs: unknown }));
    assert.match(
      first.overridden ?? "",
      /^fleet:promotionOverride lets this update pass until 2026-01-02T00:00:00Z \(Urgent\), although the outputs of/,
    );
    assert.deepEqual(
      first.next(now)?.overrides.map(({ at, reason }) => [at, reason]),
      [["2026-01-01T00:00:00Z", "Urgent"]],
    );
    const urn = "urn:pulumi:prod-eu::fleet::pulumi:index:Stash::fleet-proved";
    const state = async () => ({ [urn]: { type: "pulumi:index:Stash", outputs: { input: first.next(now) } } });
    const again = await checkPromotion(urgent, args({ state, outputs: async () => ({ proved: first.next(now) }) }));
    assert.deepEqual([again.overridden, again.next(now)], [undefined, first.next(now)]);
  });
});
