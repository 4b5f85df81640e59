import assert from "node:assert/strict";
import { branchFields } from "../../../github/rest/branch-query.js";

const field = "a: repository(owner: $o, name: $n) { ref(qualifiedName: $r) { target { oid } } }";
const of = (fields: string) => `query($o: String!, $n: String!, $r: String!) { ${fields} }`;

describe("the query for the heads of branches", () => {
  it("has any number of fields, whatever lies between its words", () => {
    const one = { alias: "a", owner: "o", name: "n", ref: "r" };
    assert.deepEqual(branchFields(of(field)), [one]);
    const second = field.replace("a:", "b:").replaceAll(" ", "\n\t").replaceAll(",", "");
    assert.deepEqual(branchFields(of(`${field}, ${second}`)), [one, { ...one, alias: "b" }]);
  });

  it("is no other query", () => {
    for (const query of [
      "query { viewer { login } }",
      field,
      `{ ${field} }`,
      of(""),
      of(`${field} viewer { login }`),
      of(field.replace("$o", '"acme"')),
      of(field.replace("oid", "oid id")),
      of(field).replace("query", "mutation"),
      `${of(field)} ${of(field)}`,
    ]) {
      assert.equal(branchFields(query), undefined, query);
    }
  });
});
