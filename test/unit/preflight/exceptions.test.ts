import assert from "node:assert/strict";
import { checkExceptions } from "../../../preflight/exceptions.js";
import { tenantSpec } from "../../support/unit/spec.js";

const tenants = [
  tenantSpec("team-a", { sync: { prune: false, pruneOffUntil: "2027-01-31" } }),
  tenantSpec("team-b", { sync: { suspend: true, suspendUntil: "2027-03-01" } }),
];
const check = (today: string, isPreview = false, only?: string) =>
  checkExceptions(
    { tenants },
    {
      now: () => Date.parse(`${today}T23:59:59Z`),
      isPreview,
      only,
      locate: (tenant, place) => ({ file: `${tenant}.yaml`, path: place.join(".") }),
    },
  );

describe("checkExceptions", () => {
  it("refuses an update after the last day, naming the file and the field", async () => {
    await assert.rejects(check("2027-02-01"), /team-a\.yaml: sync\.pruneOffUntil: .* ended on 2027-01-31/);
  });

  it("only tells a preview that the update would be refused", async () => {
    const [refusal] = await check("2027-02-01", true);
    assert.match(refusal ?? "", /^pulumi up would be refused: team-a\.yaml: .*ended on 2027-01-31/);
  });

  it("refuses no update of another tenant", async () => {
    const sentences = await check("2027-02-01", false, "team-b");
    assert.equal(sentences.length, 1);
    assert.match(sentences[0] ?? "", /team-b .* is suspended by its file until 2027-03-01/);
  });

  it("tells each update what is off, and until when", async () => {
    const sentences = await check("2027-01-31");
    assert.match(sentences.join("\n"), /^Pruning of the sync team-a .*is off until 2027-01-31.*\nThe sync team-b /);
  });
});
