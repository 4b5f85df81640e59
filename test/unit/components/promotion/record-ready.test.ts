import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { recordReady } from "../../../../components/promotion/record-ready.js";
import { FleetError } from "../../../../lib/diagnostics/problem.js";
import type { Part } from "../../../../promotion/content.js";
import { nextProof, parseProof } from "../../../../promotion/proof.js";
import { partsInForce, withLook } from "../../../../promotion/ready.js";
import { READY_RECORD_VARIABLE, readReadyRecord, withReadyRecord } from "../../../../promotion/ready-record.js";
import { record, resolved } from "../../../../review/record/recorder.js";

const content: readonly Part[] = [{ kind: "tenant", name: "team-a", value: "1", file: "", path: "" }];
const before = { ...nextProof({ before: undefined, content, now: 0 }), digests: { parts: {}, tenants: {} } };
const look = { revisions: { "team-a/team-a": "main@sha1:1" }, waiting: { platform: "boom" } };
const parts = JSON.stringify(partsInForce(before));
const urn = "urn:pulumi:staging::fleet::pulumi:index:Stash::fleet-proved";
const state = (input: object, outputs: object = {}) => ({
  [urn]: { type: "pulumi:index:Stash", outputs: { input } },
  "urn:stack": { type: "pulumi:pulumi:Stack", outputs: { fluxVersion: "v2.9.2", proved: {}, ...outputs } },
});

describe("a record of fleet wait", () => {
  it("is refused without a proof, and when the stack was updated meanwhile", () => {
    const refusal = (message: RegExp) => (error: unknown) => error instanceof FleetError && message.test(error.message);
    assert.throws(
      () => recordReady({ look, at: 0, parts }, {}),
      refusal(/has proved nothing yet\. Run pulumi up on the whole/),
    );
    const next = nextProof({ before, content: [{ ...content[0], value: "2" } as Part], now: 1000 });
    assert.throws(
      () => recordReady({ look, at: 0, parts }, state(next)),
      refusal(/was updated while the command looked/),
    );
  });

  it("is refused when a later look is recorded, which may have found something else", async () => {
    const later = { ...before, ...withLook(before, { revisions: {}, waiting: { platform: "boom" } }, 9000) };
    assert.throws(
      () => recordReady({ look, at: 8000, parts }, state(later)),
      (error) =>
        error instanceof FleetError && /a later look, of 1970-01-01T00:00:09Z, is recorded/.test(error.message),
    );
    const { registrations } = await record(() =>
      resolved(pulumi.output(recordReady({ look, at: 9000, parts }, state(later)))),
    );
    assert.equal(registrations.length, 1);
  });

  it("is refused for a variable that was left behind: an engine without --target would delete everything", () => {
    assert.throws(
      () => readReadyRecord({ [READY_RECORD_VARIABLE]: "/nonexistent/update.json" }),
      /FLEET_READY_RECORD: names no running `fleet wait`, without which an update would delete everything\. Unset it/,
    );
    assert.equal(readReadyRecord({}), undefined);
  });

  it("registers the proof alone, with its digests, and keeps every other output", async () => {
    const recorded = await withReadyRecord({ look, at: 5000, parts }, async (variables) => readReadyRecord(variables));
    assert.ok(recorded);
    const { result, registrations } = await record(() =>
      resolved(pulumi.output(recordReady(recorded, state(before, { repositoryIds: { a: "1" } })))),
    );
    assert.deepEqual(
      registrations.map(({ type, name }) => [type, name]),
      [["pulumi:index:Stash", "fleet-proved"]],
    );
    const { proved, ...outputs } = result as Readonly<Record<string, unknown>>;
    assert.deepEqual(outputs, { fluxVersion: "v2.9.2", repositoryIds: { a: "1" } });
    const stashed = registrations[0]?.inputs.input as typeof before;
    assert.deepEqual(stashed.digests, before.digests);
    assert.deepEqual(parseProof(stashed), proved);
    const { ready } = parseProof(proved) ?? {};
    assert.deepEqual(ready?.tenants, { "team-a": { "1970-01-01T00:00:05Z": "1" } });
    assert.deepEqual([ready?.flux, ready?.waiting], [{}, { platform: "boom" }]);
  });
});
