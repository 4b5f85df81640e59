import assert from "node:assert/strict";
import { InvalidArgumentError } from "commander";
import { parsePeer } from "../../../bench/peer/peers.js";

describe("the value of --peer", () => {
  it("is refused with a suggestion when it is almost a peer", () => {
    for (const text of ["OpenTofu", "opentof", "open-tofuu"]) {
      assert.throws(() => parsePeer(text), { constructor: InvalidArgumentError, message: "Did you mean opentofu?" });
    }
  });

  it("is refused with the known peers when it is nothing like one", () => {
    for (const text of ["", "terraform", "__proto__"]) {
      assert.throws(() => parsePeer(text), { constructor: InvalidArgumentError, message: "Known peers: opentofu." });
    }
  });

  it("is a peer", () => {
    assert.equal(parsePeer("opentofu"), "opentofu");
  });
});
