import assert from "node:assert/strict";
import { INNER_NAME, PUBLIC_NAME, publicHostViolation } from "../../../../config/rules/public-host.js";
import { hookAddress } from "../../../../config/rules/web-address.js";

const inner = [
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "[fd20:ce::254]",
  "localhost",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
  "web.team-b",
  "web.team2",
  "prometheus.monitoring",
  "metadata.google.internal",
  "hooks.example.com.",
  "a.localhost",
  "chat.corp",
];
const outer = [
  "ghcr.io",
  "hooks.example.com",
  "hooks.example.com:8443",
  "a.xn--p1ai",
  "discord.com",
  "x.example.museum",
];

describe("a public host", () => {
  for (const host of inner) {
    it(`is not ${host}`, () => {
      assert.ok(publicHostViolation(host));
      assert.ok(!new RegExp(PUBLIC_NAME).test(host) || new RegExp(INNER_NAME).test(host), "in CEL");
    });
  }

  for (const host of outer) {
    it(`is ${host}`, () => {
      const name = host.replace(/:.*/, "");
      assert.equal(publicHostViolation(host), undefined);
      assert.ok(new RegExp(PUBLIC_NAME).test(name) && !new RegExp(INNER_NAME).test(name), "in CEL");
    });
  }
});

describe("an address for notifications", () => {
  for (const host of inner) {
    it(`is not at ${host}`, () => assert.ok(hookAddress.check(`https://${host}/`)));
  }
  for (const address of ["http://127.0.0.1:9090/", "http://127.0.0.1/", "http://[::1]:9292/", "https://localhost/"]) {
    it(`is not ${address}, which can be the controller's own`, () => {
      assert.match(hookAddress.check(address)?.message ?? "", /leads to the controller itself/);
    });
  }
  for (const address of [
    "https://hooks.example.com/a?b=c",
    "https://münchen.example.com/",
    "http://127.0.0.1:30000/",
  ]) {
    it(`is ${address}`, () => assert.equal(hookAddress.check(address), undefined));
  }
});
