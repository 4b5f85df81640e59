import assert from "node:assert/strict";
import { assertProblems, configProblems, load, soundSettings } from "../../../support/unit/checkout-tree.js";

const url = "oci://charts.example.com/app";

describe("fleet:scaffoldChart is refused for", () => {
  for (const [value, message] of [
    ["https://charts.example.com/app", /fleet:scaffoldChart\.url: begins with https:\/\//],
    ["oci://127.0.0.1:5000/app", /fleet:scaffoldChart\.url: /],
    ["oci://charts.example.com", /fleet:scaffoldChart\.url: has no path/],
    [`${url}\n  evil: true`, /fleet:scaffoldChart\.url: has characters that are none of a plain URL's/],
    [`${url}:1.0.0"`, /fleet:scaffoldChart\.url: has characters that are none of a plain URL's/],
  ] as const) {
    it(`the address ${JSON.stringify(value)}`, () => {
      assert.match(configProblems({ scaffoldChart: JSON.stringify({ url: value }) }), message);
    });
  }

  it("a major version that is no whole number, or negative", () => {
    const problems = (major: unknown) => configProblems({ scaffoldChart: { url, major } });
    assert.match(problems(-1), /fleet:scaffoldChart\.major: -1 is not between 0 and 9999/);
    assert.match(problems(1.5), /fleet:scaffoldChart\.major: /);
    assert.match(problems("1"), /fleet:scaffoldChart\.major: must be a whole number, but is a text/);
  });

  it("a host that tenants' sources may not fetch from, because no first sync could be Ready", () => {
    assertProblems(
      { config: { scaffoldChart: { url } } },
      /^Pulumi\.staging\.yaml: fleet:scaffoldChart\.url: is at charts\.example\.com, where tenants' sources may not fetch from, .* Add charts\.example\.com to fleet:allowedSourceHosts of every stack/,
    );
  });
});

describe("fleet:scaffoldChart at GitHub's registry", () => {
  const config = (owner: string, more: object = {}) => ({
    scaffoldChart: JSON.stringify({ url: `oci://ghcr.io/${owner}/charts/app` }),
    allowedSourceHosts: ["GHCR.io"],
    ...more,
  });

  it("is refused for an owner whose artifacts tenants' sources may not fetch, because admission refuses them", () => {
    assertProblems(
      { config: config("elsewhere") },
      /^Pulumi\.staging\.yaml: fleet:scaffoldChart\.url: is of the owner elsewhere, where tenants' sources may not fetch from, .* Add elsewhere to fleet:allowedSourceOwners of every stack/,
    );
    assertProblems({ config: config("acme-2") }, /is of the owner acme-2/);
  });

  it("is that of the organisation, or of an allowed owner, in upper case too", () => {
    for (const sound of [config("acme"), config("ACME"), config("elsewhere", { allowedSourceOwners: ["Elsewhere"] })]) {
      assert.ok(load({ config: sound }).scaffold.chart);
    }
  });
});

describe("fleet:scaffoldChart", () => {
  it("is none by default, and has major version 1", () => {
    assert.equal(load().scaffold.chart, undefined);
    const config = { scaffoldChart: JSON.stringify({ url }), allowedSourceHosts: ["charts.example.com"] };
    assert.deepEqual(load({ config }).scaffold.chart, { url, major: 1 });
  });
});

describe("the stacks that take pre-releases", () => {
  const settings = (stack: string, from?: string) => ({
    [`Pulumi.${stack}.yaml`]: soundSettings(...(from === undefined ? [] : [`fleet:promotesFrom: ${from}`])),
  });

  it("are those that others promote from, and that promote from none", () => {
    const files = { ...settings("staging"), ...settings("prod-eu", "staging") };
    assert.deepEqual(load({ files }).scaffold.preReleases, ["staging"]);
  });

  it("are none without an order, with a predecessor that does not exist, and on a stack that creates no repositories", () => {
    const none: readonly string[] = [];
    assert.deepEqual(load({ files: { ...settings("staging"), ...settings("prod-eu") } }).scaffold.preReleases, none);
    const typo = { ...settings("staging"), ...settings("prod-eu", "stagng") };
    assert.deepEqual(load({ files: typo }).scaffold.preReleases, none);
    const files = { ...settings("staging"), ...settings("prod-eu", "staging") };
    const config = { repositoryOwner: "prod-eu" };
    assert.deepEqual(load({ files, config }).scaffold.preReleases, none);
  });
});
