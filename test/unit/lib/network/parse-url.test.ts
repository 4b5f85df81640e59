import assert from "node:assert/strict";
import { parseUrl } from "../../../../lib/network/parse-url.js";

describe("a parsed URL", () => {
  it("is undefined for a text that is none", () => {
    for (const text of ["", "hooks.example.com", "https://", "https://a b/"]) assert.equal(parseUrl(text), undefined);
  });

  // Node 20's URL.canParse refuses the host after some thousand calls, when its fast call replaces the first one.
  it("has the same host however often it is parsed", () => {
    const hosts = Array.from({ length: 20_000 }, () => parseUrl("https://m\u00fcnchen.example.com/")?.host);
    assert.deepEqual([...new Set(hosts)], ["xn--mnchen-3ya.example.com"]);
  });
});
