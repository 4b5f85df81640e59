import assert from "node:assert/strict";
import { cel, celList, celString } from "../../../../../policies/admission/cel/cel.js";

describe("cel", () => {
  it("joins lines by one space", () => {
    const expression = cel`
      request.operation == 'CREATE'
      || object.spec != oldObject.spec
    `;
    assert.equal(expression, "request.operation == 'CREATE' || object.spec != oldObject.spec");
  });

  it("joins brackets and calls to what they belong to", () => {
    const expression = cel`
      variables.rules
        .map(rule, rule.?host.orValue(''))
        .exists(
          host,
          host in [
            'a',
            'b'
          ]
        )
    `;
    assert.equal(expression, "variables.rules.map(rule, rule.?host.orValue('')).exists(host, host in ['a', 'b'])");
  });

  it("leaves one line, its spaces and backslashes as they are", () => {
    assert.equal(cel`'it\'s  two spaces'.matches('\\.')`, String.raw`'it\'s  two spaces'.matches('\\.')`);
  });

  it("inserts values unchanged, whatever stands around them", () => {
    const value = "'( line\n break )'";
    assert.equal(
      cel`
        (
          ${value} == name
          || ${value}
          == ${600}
        )
      `,
      `(${value} == name || ${value} == 600)`,
    );
    assert.equal(cel`${value}`, value);
  });
});

describe("celString and celList", () => {
  it("escape quotes and backslashes", () => {
    assert.equal(celString(String.raw`^"\.$`), String.raw`"^\"\\.$"`);
    assert.equal(celList(["a", '"']), String.raw`["a","\""]`);
  });
});
