import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WAIVERS_FILE } from "../../../../config/names.js";
import { readWaivers } from "../../../../review/rules/waivers.js";

describe("the file of waivers", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-waivers-"));
    mkdirSync(join(root, "stacks"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const valid = {
    rule: "tenant-data",
    tenant: "team-a",
    reason: "moved",
    owner: "@acme/security",
    expires: "2027-03-31",
  };
  const read = (...waivers: readonly object[]) => {
    writeFileSync(join(root, WAIVERS_FILE), `waivers: ${JSON.stringify(waivers)}\n`);
    return readWaivers(root, "2027-03-31");
  };

  const faults: Readonly<Record<string, readonly [object, string]>> = {
    "an unknown rule": [
      { ...valid, rule: "tenant-date" },
      "stacks/waivers.yaml:1: waivers[0].rule: there is no rule tenant-date. Did you mean tenant-data?",
    ],
    "a whole rule": [
      { ...valid, tenant: undefined },
      "stacks/waivers.yaml:1: waivers[0].rule: the waiver accepts every violation of the rule. Name the tenant or the resource.",
    ],
    "a date more than a year away": [
      { ...valid, expires: "2028-04-01" },
      "stacks/waivers.yaml:1: waivers[0].expires: the waiver of @acme/security ends on 2028-04-01, in more than 366 days. " +
        "Agree with its owner on a day at most 366 days from now.",
    ],
    "a date that is over": [
      { ...valid, expires: "2027-03-30" },
      "stacks/waivers.yaml:1: waivers[0].expires: the waiver of @acme/security expired on 2027-03-30. " +
        "Correct what it accepted and remove it, or agree on a new date with its owner.",
    ],
  };
  for (const [title, [waiver, message]] of Object.entries(faults)) {
    it(`is refused with ${title}`, () => assert.throws(() => read(waiver), { message }));
  }

  for (const field of ["rule", "reason", "owner", "expires"]) {
    it(`is refused without ${field}, or with an empty one`, () => {
      for (const value of [undefined, " "]) {
        assert.throws(() => read({ ...valid, [field]: value }), new RegExp(`waivers\\[0\\]\\.${field}: `));
      }
    });
  }

  it("is refused with a day that the calendar does not have, and with a field that no waiver has", () => {
    assert.throws(() => read({ ...valid, expires: "2027-02-30" }), /waivers\[0\]\.expires: /);
    assert.throws(() => read({ ...valid, tenants: ["team-a"] }), /waivers\[0\]\.tenants: there is no such field/);
  });

  it("may be absent, or have waivers that hold today", () => {
    assert.deepEqual(readWaivers(root, "2027-03-31"), []);
    assert.deepEqual(read(valid, { ...valid, stack: "staging" }), [valid, { ...valid, stack: "staging" }]);
  });
});
