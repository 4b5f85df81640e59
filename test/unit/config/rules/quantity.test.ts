import assert from "node:assert/strict";
import { quantity } from "../../../../config/rules/amounts.js";
import { quantityAmount } from "../../../../lib/kubernetes/quantity.js";

describe("the amount of a quantity", () => {
  it("is none of what Kubernetes would refuse", () => {
    for (const text of ["", "1 Gi", "1Gib", "Gi", "1.2.3", ".", "0x10", "1e", "toString"])
      assert.ok(Number.isNaN(quantityAmount(text)), text);
  });

  it("is in cores or bytes, however it is written", () => {
    const known = {
      "500m": 0.5,
      "500u": 0.0005,
      "2": 2,
      "1Gi": 2 ** 30,
      "64Mi": 2 ** 26,
      "1G": 1e9,
      "1e3": 1000,
      "1E": 1e18,
      "0.5": 0.5,
      ".5": 0.5,
      "1.": 1,
      "-1": -1,
    };
    for (const [text, value] of Object.entries(known)) assert.equal(quantityAmount(text), value, text);
  });
});

describe("a quantity in a file of ours", () => {
  it("is written in one of the forms that people know, and in none of Kubernetes' others", () => {
    for (const text of ["500m", "2", "0.5", "1Gi"]) assert.equal(quantity.check(text), undefined, text);
    for (const text of ["1e3", "100u", ".5", "-1", "+1"]) assert.ok(quantity.check(text), text);
  });
});
