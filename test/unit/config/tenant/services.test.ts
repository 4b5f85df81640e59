import assert from "node:assert/strict";
import { assertProblems, type Changes, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const baseB = "stacks/base/tenants/team-b.yaml";
const overlayB = "stacks/staging/tenants/team-b.yaml";

const api = "{service: api, port: 8080, pods: {app: api}, to: [team-a]}";
const sound = {
  [base]: "name: team-a\nimports:\n  search: {tenant: team-b, export: api}\n",
  [baseB]: `name: team-b\nexports:\n  api: ${api}\n`,
  [overlayB]: "",
};
const imports = (entry: string): Changes => ({
  files: { ...sound, [base]: `name: team-a\nimports:\n  search: ${entry}\n` },
});
const exports = (entry: string): Changes => ({ files: { [base]: `name: team-a\nexports:\n  api: ${entry}\n` } });
const metrics = { namespace: "monitoring", service: "prometheus", port: 9090, pods: { app: "prometheus" } };

describe("imports are refused, naming file, line and field, for", () => {
  it("a service that is not exported, and name the one that was meant", () => {
    assertProblems(
      imports("{tenant: team-b, export: billing}"),
      /^stacks\/base\/tenants\/team-a\.yaml:3: imports\.search\.export: team-b exports no "billing" \(stacks\/base\/tenants\/team-b\.yaml\)\. Have team-b export it/,
    );
    assertProblems(imports("{tenant: team-b, export: apy}"), /exports no "apy".*Did you mean api\?$/);
  });

  it("a service whose export does not list this tenant, with both files", () => {
    assertProblems(
      { files: { ...sound, [baseB]: `name: team-b\nexports:\n  api: ${api.replace("team-a", "")}\n` } },
      /team-a\.yaml:3: imports\.search\.export: team-b does not list team-a in exports\.api\.to \(stacks\/base\/tenants\/team-b\.yaml\)\. Have team-b add it/,
    );
  });

  it("a service whose export an overlay took away, or whose listing", () => {
    assertProblems({ files: { ...sound, [overlayB]: "exports: {api: null}\n" } }, /team-b exports no "api" \(.*\)/);
    assertProblems(
      { files: { ...sound, [overlayB]: "exports: {api: {to: []}}\n" } },
      /does not list team-a in exports\.api\.to \(stacks\/staging\/tenants\/team-b\.yaml\)/,
    );
  });

  it("a tenant that is not on the stack, where an overlay can take the import away", () => {
    const files = { ...sound, [overlayB]: undefined };
    assertProblems(
      { files },
      /imports\.search\.tenant: team-b is not on the stack staging: there is no stacks\/staging\/tenants\/team-b\.yaml/,
    );
    assert.deepEqual(load({ files: { ...files, [overlay]: "imports: {search: null}\n" } }).tenants[0]?.imports, {});
  });

  it("tenants that do not exist, or are the tenant itself", () => {
    assertProblems(
      imports("{tenant: teem-b, export: api}"),
      /imports\.search\.tenant: there is no tenant "teem-b"\. Did you mean team-b/,
    );
    assertProblems(imports("{tenant: team-a, export: api}"), /imports\.search\.tenant: is the tenant itself/);
  });

  it("no service, half of one, or two", () => {
    const one = /imports\.search: names not exactly one service\. Write tenant and export, or platform alone/;
    assertProblems(imports("{}"), one);
    assertProblems(imports("{tenant: team-b}"), one);
    assertProblems(
      {
        ...imports("{tenant: team-b, export: api, platform: metrics}"),
        config: { exports: { metrics: { ...metrics, to: ["*"] } } },
      },
      one,
    );
  });

  it("two origins that base file and overlay name together", () => {
    assertProblems(
      {
        files: { ...sound, [overlay]: "imports: {search: {platform: metrics}}\n" },
        config: { exports: { metrics: { ...metrics, to: ["*"] } } },
      },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: imports\.search: names not exactly one service/,
    );
  });

  it("a local name that no Service can have", () => {
    assertProblems(
      { files: { ...sound, [base]: "name: team-a\nimports:\n  Search: {tenant: team-b, export: api}\n" } },
      /imports\.Search: the key is not the name of a Service/,
    );
  });

  it("a namespace that is not the tenant's", () => {
    assertProblems(
      imports("{tenant: team-b, export: api, namespace: team-b}"),
      /imports\.search\.namespace: "team-b" is no namespace of the tenant team-a\. .*team-a/,
    );
  });

  it("a service that the platform does not export, or not to this tenant", () => {
    assertProblems(
      imports("{platform: metrics}"),
      /imports\.search\.platform: the platform exports no "metrics" \(fleet:exports of Pulumi\.staging\.yaml\)\. Ask the platform/,
    );
    assertProblems(
      { ...imports("{platform: metrics}"), config: { exports: { metrics: { ...metrics, to: ["team-b"] } } } },
      /the platform does not list team-a in fleet:exports\.metrics\.to \(Pulumi\.staging\.yaml\)/,
    );
  });
});

describe("exports are refused, naming file, line and field, for", () => {
  it("a service without port, pods or readers", () => {
    assertProblems(
      exports("{service: api}"),
      /exports\.api\.pods: is missing/,
      /exports\.api\.port: is missing/,
      /exports\.api\.to: is missing/,
    );
  });

  it("pods without label, which would be all of them", () => {
    assertProblems(
      exports("{service: api, port: 80, pods: {}, to: []}"),
      /^stacks\/base\/tenants\/team-a\.yaml:3: exports\.api\.pods: names no label/,
    );
  });

  it("labels, ports and names that are none", () => {
    assertProblems(
      exports('{service: Api, port: 0, pods: {"a b": c, app: "c d"}, to: [X]}'),
      /exports\.api\.pods\.app: "c d" is not a label value/,
      /exports\.api\.pods\["a b"\]: the key is not a label key/,
      /exports\.api\.port: 0 is not between 1 and 65535/,
      /exports\.api\.service: "Api" is not the name of a Service/,
      /exports\.api\.to\[0\]: "X" is not a DNS label/,
    );
  });

  it("a namespace that is not the tenant's, and readers that do not exist or are the tenant itself", () => {
    assertProblems(
      exports("{service: api, namespace: other, port: 80, pods: {a: b}, to: [nobody-at-all, team-a]}"),
      /exports\.api\.namespace: "other" is no namespace of the tenant team-a\. Name one of: team-a/,
      /exports\.api\.to\[0\]: there is no tenant "nobody-at-all"/,
      /exports\.api\.to\[1\]: is the tenant itself/,
    );
    assertProblems(
      exports("{service: api, namespace: monitoring, port: 80, pods: {a: b}, to: [nobody-at-all, team-a]}"),
      /exports\.api\.namespace: "monitoring" is reserved/,
      /exports\.api\.to\[0\]: there is no tenant "nobody-at-all"/,
      /exports\.api\.to\[1\]: is the tenant itself/,
    );
  });

  it("the platform's that are a tenant's, or for an unknown tenant; values are not repeated", () => {
    const entry = { ...metrics, namespace: "team-a", to: ["*", "team-a", "hunter2"] };
    assertProblems(
      { config: { exports: JSON.stringify({ metrics: entry }) } },
      /^Pulumi\.staging\.yaml: fleet:exports\.metrics\.namespace: is a tenant's, and not the platform's to export/,
      /^Pulumi\.staging\.yaml: fleet:exports\.metrics\.to\[2\]: is no tenant\. Name/,
    );
    assertProblems({ config: { exports: '"all"' } }, /fleet:exports: must be a map, but is a text/);
    assertProblems({ config: { exports: { metrics: { ...metrics, pods: {}, to: [] } } } }, /pods: names no label/);
  });
});

describe("services", () => {
  it("are accepted when both sides want them, each in the tenant's first namespace if it does not say otherwise", () => {
    const { tenants } = load({ files: sound });
    assert.deepEqual(tenants[0]?.imports, { search: { tenant: "team-b", export: "api", namespace: "team-a" } });
    assert.deepEqual(tenants[1]?.exports.api, {
      service: "api",
      namespace: "team-b",
      port: 8080,
      pods: { app: "api" },
      to: ["team-a"],
    });
  });

  it("may be exported to those who do not import them, and by the platform to everybody", () => {
    assert.deepEqual(load({ files: { ...sound, [base]: "name: team-a\n" } }).tenants[0]?.imports, {});
    const config = { exports: { metrics: { ...metrics, to: ["*"] } } };
    const { platform, tenants } = load({ ...imports("{platform: metrics}"), config });
    assert.deepEqual(tenants[0]?.imports.search, { platform: "metrics", namespace: "team-a" });
    assert.deepEqual(platform.exports.metrics?.to, ["*"]);
  });
});
