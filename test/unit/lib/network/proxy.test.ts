import assert from "node:assert/strict";
import { proxyFor } from "../../../../lib/network/proxy.js";

const proxy = "http://proxy.example.com:3128/";
const target = "https://api.github.com";

describe("proxyFor", () => {
  it("uses no proxy that no variable names, and that of the protocol alone", () => {
    assert.equal(proxyFor(target, {}), undefined);
    assert.equal(proxyFor(target, { HTTP_PROXY: proxy, HTTPS_PROXY: "" }), undefined);
    assert.equal(proxyFor("http://a.example.com", { HTTPS_PROXY: proxy }), undefined);
  });

  it("uses the proxy of either spelling, with or without its protocol", () => {
    assert.equal(proxyFor(target, { HTTPS_PROXY: proxy, https_proxy: "http://other" }), proxy);
    assert.equal(proxyFor(target, { https_proxy: "proxy.example.com:3128" }), proxy);
    assert.equal(proxyFor("http://a.example.com", { http_proxy: proxy }), proxy);
    assert.equal(proxyFor(target, { HTTPS_PROXY: "socks5://proxy:1080" }), "socks5://proxy:1080");
  });

  for (const own of [
    "http://localhost:1/",
    "https://localhost/",
    "https://127.0.0.1:6443",
    "https://127.8.8.8",
    "https://[::1]:1",
  ]) {
    it(`sends nothing by a proxy to ${own}, which is this machine`, () => {
      assert.equal(proxyFor(own, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy }), undefined);
    });
  }

  const cases: readonly (readonly [string, string, boolean])[] = [
    ["*", target, true],
    ["example.com, *", target, true],
    ["github.com", target, true],
    ["github.com", "https://github.com", true],
    ["API.GitHub.com", target, true],
    [".github.com", target, true],
    [".github.com", "https://github.com", false],
    ["*.github.com", target, true],
    ["*.github.com", "https://github.com", false],
    ["hub.com", target, false],
    ["github.com:443", target, true],
    ["github.com:8443", target, false],
    ["github.com:8443", "https://api.github.com:8443", true],
    ["10.0.0.1", "https://10.0.0.1:6443", true],
    ["10.0.0.1:6443", "https://10.0.0.1:6443", true],
    ["10.0.0.1:443", "https://10.0.0.1:6443", false],
    ["10.0.0.0/8", "https://10.1.2.3:6443", true],
    ["10.0.0.0/8", "https://11.1.2.3:6443", false],
    ["10.0.0.0/8", "https://[fd00::1]", false],
    ["fd00::/8", "https://[fd00::1]:6443", true],
    ["fd00::1", "https://[fd00:0::1]:6443", true],
    ["[fd00::1]:6443", "https://[fd00::1]:6443", true],
    ["[fd00::1]:443", "https://[fd00::1]:6443", false],
    ["::ffff:10.0.0.1", "https://10.0.0.1", true],
    ["10.0.0.1", "https://api.example.com", false],
    [" , :443, *.", target, false],
  ];
  for (const [list, url, direct] of cases) {
    it(`${direct ? "goes past" : "uses"} the proxy for ${url} with NO_PROXY=${list}`, () => {
      assert.equal(proxyFor(url, { HTTPS_PROXY: proxy, NO_PROXY: list }), direct ? undefined : proxy);
      assert.equal(proxyFor(url, { HTTPS_PROXY: proxy, no_proxy: list }), direct ? undefined : proxy);
    });
  }
});
