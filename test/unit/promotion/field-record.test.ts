import assert from "node:assert/strict";
import { nextTenantProof, parseProof } from "../../../promotion/proof.js";
import { base, contentOf, limited, proofOf } from "../../support/unit/promoted-files.js";
import { hour, start } from "../../support/unit/promotion-gate.js";

describe("the record of merged values", () => {
  it("stays equal after an update without a change, and has a new line for each change alone", () => {
    const first = proofOf(contentOf("staging", limited));
    const again = proofOf(contentOf("staging", limited), first, start + hour);
    assert.deepEqual(again, first);
    const other = { [base]: "name: team-a\nlimits:\n  pods: 34\n" };
    const { "team-a": record = {} } = proofOf(contentOf("staging", other), first, start + hour).fields;
    const [former, change, ...others] = Object.values(record).map((line) =>
      line.split(" ").map((one) => one.split("=")[0]),
    );
    assert.deepEqual([former, change, others], [["", "limits.pods", "name"], ["", "limits.pods"], []]);
  });

  it("is read as it was written, also with names that need escapes, and by an update of one tenant", () => {
    const files = { [base]: 'name: team-a\nnamespace:\n  annotations:\n    "example.com/a": "b c=d"\n' };
    const first = proofOf(contentOf("staging", files));
    assert.match(
      Object.values(first.fields["team-a"] ?? {}).join(),
      /namespace\.annotations\["example\.com\/a"\]=\S{22}( |$)/,
    );
    assert.deepEqual(parseProof(JSON.parse(JSON.stringify(first))), first);
    const next = nextTenantProof({
      before: first,
      content: contentOf("staging", limited),
      now: start + hour,
      tenant: "team-a",
    });
    assert.deepEqual(next?.fields, proofOf(contentOf("staging", limited), first, start + hour).fields);
  });
});
