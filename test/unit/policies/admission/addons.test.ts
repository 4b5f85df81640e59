import assert from "node:assert/strict";
import { ruleMessage } from "../../../../config/addons/rule-words.js";
import { addonPolicies } from "../../../../policies/admission/addons/addon-policies.js";
import { addonAttacks } from "../../../e2e/admission/addon-attacks.js";
import { brokenRules } from "../../../e2e/admission/addon-cases.js";
import { allowedAddonObjects } from "../../../e2e/admission/addon-objects.js";
import { allAddons } from "../../../support/unit/addons.js";
import { named, policies } from "../../../support/unit/policies.js";
import { fleetSpec } from "../../../support/unit/spec.js";

const addons = allAddons().filter(({ name }) => name !== "flagger");

describe("the policies of add-ons", () => {
  it("has an attack for each rule, and each attack breaks a rule: test/e2e/admission carries them out", () => {
    const rules = addons.flatMap((addon) =>
      addon.kinds.flatMap((kind) => kind.rules.map((rule) => ruleMessage(kind, rule, addon))),
    );
    const broken = addonAttacks.map((attack) => brokenRules(attack, addons));
    for (const [index, messages] of broken.entries()) {
      assert.ok(messages.length > 0, `${addonAttacks[index]?.kind} ${addonAttacks[index]?.at}`);
    }
    const attacked = new Set(broken.flat());
    assert.deepEqual(
      rules.filter((message) => !attacked.has(message)),
      [],
    );
  });

  it("have a legitimate object of each kind that tenants create", () => {
    const kinds = allowedAddonObjects({ namespace: "a", organisation: "" }).map(([, { kind }]) => kind);
    for (const addon of addons) {
      for (const { kind, access } of addon.kinds) assert.equal(kinds.includes(kind), access === "write", kind);
    }
  });

  it("are one for each add-on with rules, whatever the number of tenants, and name none", () => {
    const names = policies().map(({ policy }) => policy.metadata.name);
    const expected = addons.map(({ name }) => `fleet-addon-${name}`);
    assert.deepEqual(names.filter((name) => name.startsWith("fleet-addon-")).sort(), expected.sort());
    assert.ok(names.includes("fleet-canaries"));
  });

  it("allow certificates for any host where tenants may serve any", () => {
    const { platform, admission } = fleetSpec();
    const texts = (hosts: "any" | "listed") =>
      JSON.stringify(
        addonPolicies(fleetSpec({ platform: { ...platform, addons }, admission: { ...admission, hosts } })),
      );
    assert.match(texts("listed"), /variables\.listed/);
    assert.doesNotMatch(texts("any"), /variables\.listed/);
    assert.match(texts("any"), /spec\.ipAddresses/);
  });

  it("refer to the objects that the stack shares, and to no others", () => {
    const { validations } = named("fleet-addon-gateway-api").policy.spec;
    const parents = validations.filter(({ message }) => message.startsWith("HTTPRoute: spec.parentRefs[]"));
    assert.equal(parents.length, 1);
    assert.match(parents[0]?.expression ?? "", /\["Gateway\/gateways\/public"\]/);
    assert.match(parents[0]?.message ?? "", /or to Gateway\/gateways\/public, which the platform shares: change it/);
  });
});
