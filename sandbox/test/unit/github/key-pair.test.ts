import assert from "node:assert/strict";
import ssh2 from "ssh2";
import { generateKeyPair } from "../../../github/transport/key-pair.js";

describe("generateKeyPair", () => {
  it("gives no ED25519 key that lost a leading zero, as one in 250 of ssh2's does", () => {
    for (let i = 0; i < 2000; i += 1) {
      const { private: secret, public: open } = generateKeyPair("ed25519");
      for (const text of [secret, open]) assert.ok(!(ssh2.utils.parseKey(text) instanceof Error), open);
    }
  });
});
