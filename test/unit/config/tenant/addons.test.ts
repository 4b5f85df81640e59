import assert from "node:assert/strict";
import { askedAddons } from "../../../../config/tenant/addons/asked-addons.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const asks = (addons: string) => ({ [base]: `name: team-a\naddons: ${addons}\n` });
const config = { addons: '{"cert-manager": {}, "flagger": {}}' };

describe("add-ons of a tenant", () => {
  it("are refused where the stack does not offer them, in the file that asks", () => {
    assertProblems(
      { files: asks("[keda]"), config },
      /^stacks\/base\/tenants\/team-a\.yaml:2: addons\[0\]: "keda" is not offered by this stack: fleet:addons of Pulumi\.staging\.yaml does not have it\. Leave it out in the overlay/,
    );
    assertProblems(
      { files: { [overlay]: "addons: [keda]\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: addons\[0\]/,
    );
  });

  it("are refused by an unknown name, with the nearest one", () => {
    const unknown = (name: string, fix: RegExp) =>
      assertProblems(
        { files: asks(`[${name}]`), config },
        new RegExp(
          `addons\\[0\\]: "${name}" is no add-on: neither the project nor fleet:addons of Pulumi\\.staging\\.yaml defines it\\. ${fix.source}`,
        ),
      );
    unknown("certmanager", /Did you mean cert-manager\?/);
    unknown("databases", /Name one of: cert-manager, flagger/);
  });

  it("are refused twice, as a text, and with a name that is none", () => {
    assertProblems({ files: asks("[flagger, flagger]"), config }, /addons\[1\]: "flagger" is there already/);
    assertProblems({ files: asks("flagger"), config }, /addons: must be a list/);
    assertProblems({ files: asks("['*']"), config }, /addons\[0\]: "\*" is not a DNS label/);
  });

  it("are refused by another name of one that the stack does not offer, which the message has", () => {
    assertProblems(
      { files: asks("[monitoring]"), config },
      /addons\[0\]: "monitoring", which is prometheus-operator, is not offered by this stack/,
    );
    assertProblems(
      { files: asks("[cert-manager]"), config: { addons: '{"cert-manager": {}, "monitoring": {}}' } },
      /fleet:addons\.monitoring: is a name that tenant files may use, and not the add-on's own\. Write prometheus-operator/,
    );
  });

  it("may have the name of their use, unless the stack has an own one of that name", () => {
    const files = asks("[cert-manager, monitoring]");
    const names = (addons: object) => {
      const spec = load({ files, config: { addons: JSON.stringify({ "cert-manager": {}, ...addons }) } });
      const [tenant] = spec.tenants;
      assert.ok(tenant);
      return askedAddons(tenant, spec).map(({ name }) => name);
    };
    assert.deepEqual(names({ "prometheus-operator": {} }), ["cert-manager", "prometheus-operator"]);
    const own = { group: "monitoring.example.com", version: "v1", kinds: [{ kind: "Probe", plural: "probes" }] };
    assert.deepEqual(names({ monitoring: own, "prometheus-operator": {} }), ["cert-manager", "monitoring"]);
  });

  it("are the routes of a stack that offers them for a tenant with hosts, and for no other that does not ask", () => {
    const names = (file: string, settings: Readonly<Record<string, unknown>> = {}) => {
      const spec = load({
        files: { [base]: `name: team-a\n${file}` },
        config: { addons: '{"gateway-api": {}}', ...settings },
      });
      const [tenant] = spec.tenants;
      assert.ok(tenant);
      return askedAddons(tenant, spec).map(({ name }) => name);
    };
    assert.deepEqual(names(""), []);
    assert.deepEqual(names("hosts: [a.example.com]\n"), ["gateway-api"]);
    assert.deepEqual(names("addons: [gateway-api]\n"), ["gateway-api"]);
    assert.deepEqual(names("", { hosts: "any" }), ["gateway-api"]);
    assert.deepEqual(names("hosts: [a.example.com]\n", { addons: "{}" }), []);
  });

  it("are those of the file, as an overlay replaces them, and of the former field for Flagger", () => {
    const names = (files: Readonly<Record<string, string>>) => {
      const spec = load({ files, config });
      const [tenant] = spec.tenants;
      assert.ok(tenant);
      return askedAddons(tenant, spec).map(({ name }) => name);
    };
    assert.deepEqual(names(asks("[flagger, cert-manager]")), ["cert-manager", "flagger"]);
    assert.deepEqual(names({ ...asks("[cert-manager]"), [overlay]: "addons: []\n" }), []);
    assert.deepEqual(names({ [base]: "name: team-a\nprogressiveDelivery: true\naddons: [flagger]\n" }), ["flagger"]);
    assert.deepEqual(names({}), []);
  });
});
