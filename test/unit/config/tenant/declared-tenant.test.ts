import assert from "node:assert/strict";
import fc from "fast-check";
import { parseYaml } from "../../../../config/files/yaml-file.js";
import { having } from "../../../../config/tenant/declared-tenant.js";
import { parseTenant } from "../../../../config/tenant/parse-tenant.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const parse = (text: string) =>
  parseTenant("staging", { name: "team-a", base: parseYaml(base, `name: team-a\n${text}\n`) });

describe("a tenant with a broken section", () => {
  it("hides no problem of its other sections, and none of other tenants", () => {
    assertProblems(
      {
        files: {
          [base]: "name: team-a\nnamespace: {name: Shop}\nhosts: [shop.example.com]\nrobot: {token: true}\n",
          "stacks/base/tenants/team-b.yaml": "name: team-b\nhosts: [shop.example.com]\nwebhook: true\n",
          "stacks/staging/tenants/team-b.yaml": "",
        },
      },
      /team-a\.yaml:2: namespace\.name: "Shop" is not/,
      /team-a\.yaml:4: robot\.token: is true/,
      /team-b\.yaml:2: hosts\[0\]: "shop\.example\.com" is team-a's already/,
      /team-b\.yaml:3: webhook: needs an address/,
    );
  });

  it("gives no reason to doubt what refers to the section", () => {
    const broken = "name: team-b\nexports: {api: {service: Api, port: 8080, pods: {app: api}, to: [team-a]}}\n";
    assertProblems(
      {
        files: {
          [base]: "name: team-a\nimports: {search: {tenant: team-b, export: api}}\n",
          "stacks/base/tenants/team-b.yaml": broken,
          "stacks/staging/tenants/team-b.yaml": "",
        },
      },
      /team-b\.yaml:2: exports\.api\.service: "Api" is not the name of a Service/,
    );
    assertProblems(
      {
        files: { [base]: "name: team-a\nnotifications: {alerts: {type: slak, secret: alerts}}\n" },
        config: { secrets: JSON.stringify({ "team-a": { alerts: "https://hooks.example.com/1" } }) },
      },
      /notifications\.alerts\.type: must be one of/,
    );
  });

  it("keeps the parts that are sound, with defaults for the others", () => {
    const { tenant } = parse(
      "network: {ingress: [{namespace: x}], egress: [{cidr: x, ports: [1]}]}\nsyncs: {a: 1, b: {}}",
    );
    assert.deepEqual([...tenant.broken].sort(), ["network", "syncs"]);
    assert.deepEqual(tenant.sections.network, { ingress: [{ namespace: "x" }], egress: [] });
    assert.deepEqual(
      tenant.sections.syncs.map(({ name }) => name),
      ["team-a", "b"],
    );
    assert.deepEqual(having([tenant], "hosts", "network"), []);
    assert.deepEqual(having([tenant], "hosts")[0]?.spec.hosts, []);
  });

  it("can be any section with anything in it", () => {
    const sections = Object.keys(load().tenants[0] ?? {}).filter((section) => section !== "name");
    const anything = fc.dictionary(fc.constantFrom(...sections, "other", "__proto__"), fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(anything, (data) => {
        const { tenant, problems } = parse(
          Object.entries(data)
            .map(([section, value]) => `${section}: ${JSON.stringify(value)}`)
            .join("\n"),
        );
        assert.equal(tenant.sections.name, "team-a");
        if (problems.length === 0) assert.deepEqual([...tenant.broken], []);
      }),
    );
  });
});
