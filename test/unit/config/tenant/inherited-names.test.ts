import assert from "node:assert/strict";
import { load } from "../../../support/unit/checkout-tree.js";
import { recordFleet } from "../../../support/unit/fleet.js";

/** Names that a plain JavaScript object seems to have, and that Kubernetes and GitHub take. */
const inherited = "constructor";

describe("a name that every object of the language has", () => {
  const tenant = {
    name: inherited,
    repositories: { isPrototypeOf: {}, hasOwnProperty: {} },
    namespaces: { [`${inherited}-jobs`]: {} },
    namespace: { labels: { constructor: "a", hasOwnProperty: "b" } },
    syncs: {
      "value-of": { path: "./a", repository: "isPrototypeOf", substitute: { constructor: "x", hasOwnProperty: "y" } },
      "to-string": { path: "./b", repository: "hasOwnProperty", namespace: `${inherited}-jobs` },
    },
    exports: { constructor: { service: "constructor", port: 80, pods: { constructor: "a" }, to: ["team-a"] } },
    serviceAccounts: { constructor: {} },
    notifications: { constructor: { type: "slack", secret: "constructor" } },
  };
  const files = {
    "stacks/base/tenants/constructor.yaml": JSON.stringify(tenant),
    "stacks/staging/tenants/constructor.yaml": "",
    "stacks/staging/tenants/team-a.yaml": `imports: {constructor: {tenant: ${inherited}, export: constructor}}\n`,
  };
  const config = {
    variables: '{"constructor":"c","hasOwnProperty":"t"}',
    secrets: '{"constructor":{"constructor":"https://hooks.example.com/x"}}',
  };

  it("is read as any other, in every map of the files and of the settings", () => {
    const spec = load({ files, config });
    const read = spec.tenants.find(({ name }) => name === inherited);
    assert.deepEqual(
      read?.syncs.map(({ name, repository }) => [name, repository]),
      [
        ["constructor", "constructor"],
        ["value-of", "isPrototypeOf"],
        ["to-string", "hasOwnProperty"],
      ],
    );
    assert.deepEqual(read?.namespaces[0].labels, tenant.namespace.labels);
    assert.deepEqual(spec.platform.variables, { constructor: "c", hasOwnProperty: "t" });
  });

  it("leads to the objects that any other leads to", async () => {
    const secrets = { constructor: { constructor: "https://hooks.example.com/x" } };
    const fleet = await recordFleet(load({ files, config }), { secrets });
    const syncs = fleet.ofType("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization").map(({ name }) => name);
    assert.deepEqual(
      ["constructor.constructor-sync", "constructor.to-string-sync", "constructor.value-of-sync"].filter(
        (name) => !syncs.includes(name),
      ),
      [],
      syncs.join(", "),
    );
    const variables = fleet
      .ofType("kubernetes:core/v1:ConfigMap")
      .map(({ inputs }) => inputs.data)
      .find((data) => typeof data === "object" && data !== null && Object.hasOwn(data, "cluster_name"));
    assert.deepEqual(variables, {
      constructor: "c",
      hasOwnProperty: "t",
      cluster_name: "staging",
      cluster_stack: "staging",
    });
  });
});
