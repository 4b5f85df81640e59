import assert from "node:assert/strict";
import { placed } from "../../../bench/peer/addresses.js";
import { GeneratedKeys } from "../../../bench/peer/generated-keys.js";
import { keyPair, privateKey, publicKey } from "./resources.js";

const keys = new GeneratedKeys(placed([keyPair()]));
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("generated keys in OpenTofu's configuration", () => {
  it("are an error when they stand between other words, and the message has no key", () => {
    for (const text of [`key: ${privateKey}`, `${base64(privateKey.trim())} and more`]) {
      assert.throws(
        () => keys.template(text),
        (error: Error) => error.message.includes("cannot replace") && !error.message.includes("bWFkZSB1cA"),
      );
    }
  });

  it("are an error when the state has no value of them", () => {
    const { outputs: _, ...without } = keyPair();
    assert.throws(() => new GeneratedKeys(placed([without])), /no privateKeyOpenssh of urn:.*::key/);
  });

  it("become references, as they are, trimmed and in base64", () => {
    const reference = "tls_private_key.key";
    assert.equal(keys.template(privateKey), `\${${reference}.private_key_openssh}`);
    assert.equal(keys.template(publicKey.trim()), `\${trimspace(${reference}.public_key_openssh)}`);
    assert.equal(keys.template(base64(privateKey)), `\${base64encode(${reference}.private_key_openssh)}`);
    assert.equal(
      keys.template(base64(publicKey.trim())),
      `\${base64encode(trimspace(${reference}.public_key_openssh))}`,
    );
  });

  it("leave other texts as OpenTofu reads them: literal, also with the signs of its templates", () => {
    assert.equal(keys.template("plain $ { } %"), "plain $ { } %");
    assert.equal(keys.template(`\${a} %{if b} $\${c}`), `$\${a} %%{if b} $$\${c}`);
  });
});
