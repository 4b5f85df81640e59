import assert from "node:assert/strict";
import { bearerChallenge } from "../../../../../flux/lock/registry/registry-token.js";

describe("the challenge of a registry", () => {
  it("is none without a realm, or of another scheme", () => {
    for (const header of [
      null,
      "",
      "Bearer",
      'Bearer service="s"',
      'Basic realm="r"',
      'Basic realm="Bearer realm=x"',
    ]) {
      assert.equal(bearerChallenge(header), undefined, String(header));
    }
  });

  it("is not mixed with that of a scheme beside it", () => {
    const wanted = { realm: "https://a.example.com/token", service: "s" };
    assert.deepEqual(
      bearerChallenge('Basic realm="b", Bearer realm="https://a.example.com/token",service="s"'),
      wanted,
    );
    assert.deepEqual(
      bearerChallenge('Bearer realm="https://a.example.com/token",service="s", Basic realm="b"'),
      wanted,
    );
  });

  it("may have commas and escaped quotes in its values, spaces around them, and any case", () => {
    assert.deepEqual(
      bearerChallenge('bearer Realm = "https://a", scope="repository:a/b:pull,push", service="\\"x\\""'),
      {
        realm: "https://a",
        scope: "repository:a/b:pull,push",
        service: '"x"',
      },
    );
    assert.deepEqual(bearerChallenge("Bearer realm=https://a,service=s"), { realm: "https://a", service: "s" });
  });
});
