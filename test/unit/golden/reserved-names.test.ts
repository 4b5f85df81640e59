import assert from "node:assert/strict";
import { COMMON_OBJECT_PREFIX, PLATFORM_OBJECT, PULL_SECRET_PREFIX } from "../../../config/names.js";
import { imageUpdatesName } from "../../../config/tenant/image-automation/schema.js";
import { gitSecretName, gitWriteSecretName, verifySecretName } from "../../../config/tenant/parts.js";
import { RESERVED_NAMES } from "../../../policies/admission/reserved-names.js";
import { accessBindings } from "../../../policies/rbac/people.js";
import { reconciler } from "../../../policies/rbac/reconciler.js";
import { robotAccount } from "../../../policies/rbac/robot.js";
import { fixtures } from "../../support/fixtures.js";
import { type InventoryEntry, stackInventory } from "../../support/unit/inventory.js";
import { named } from "../../support/unit/policies.js";
import { stackNames, stackSpec } from "../../support/unit/stack-config.js";

interface Inputs {
  readonly kind?: string;
  readonly metadata?: { readonly name: string; readonly namespace?: string };
}

/** The resource of a kind, as requests name it. */
function resourceOf({ kind = "" }: Inputs): string {
  return `${kind.toLowerCase().replace(/y$/, "ie")}s`;
}

/** Names that a tenant file chooses: of its syncs, of the accounts of its pods, and of the Git references of its syncs. */
function chosenNames(stack: string): ReadonlySet<string> {
  return new Set(
    stackSpec(fixtures, stack).tenants.flatMap(({ syncs, serviceAccounts }) => [
      ...syncs.map(({ name }) => name),
      ...Object.keys(serviceAccounts),
    ]),
  );
}

describe("the reserved names", () => {
  const { variables = [], matchConstraints } = named("fleet-reserved-names").policy.spec;
  const expression = variables.find(({ name }) => name === "reserved")?.expression ?? "{}";
  const patterns = JSON.parse(expression) as Readonly<Record<string, string>>;

  it("are those of every kind that the policy selects, and of no other", () => {
    const selected = matchConstraints.resourceRules.flatMap(({ resources }) => resources);
    assert.deepEqual(Object.keys(patterns).sort(), [...selected].sort());
    assert.deepEqual(Object.keys(RESERVED_NAMES).sort(), [...selected].sort());
  });

  it("concern new objects only, so that older ones can be changed and removed", () => {
    for (const { operations } of matchConstraints.resourceRules) assert.deepEqual(operations, ["CREATE"]);
  });

  it("include all that a tenant file may ask for later", () => {
    const access = { viewers: ["a"], operators: ["b"], roles: { support: ["c"] } };
    for (const [resource, names] of [
      [
        "secrets",
        [gitSecretName(), gitSecretName("app"), gitSecretName("write"), gitWriteSecretName, "ci-robot-token"],
      ],
      ["secrets", [verifySecretName("team-a"), verifySecretName("jobs")]],
      ["configmaps", [`${COMMON_OBJECT_PREFIX}ca`]],
      ["secrets", [`${COMMON_OBJECT_PREFIX}proxy`, `${PULL_SECRET_PREFIX}registry`]],
      ["serviceaccounts", [reconciler, robotAccount]],
      ["rolebindings", [reconciler, robotAccount, ...accessBindings(access).map(({ name }) => name)]],
      ["networkpolicies", [PLATFORM_OBJECT]],
      ["gitrepositories", [imageUpdatesName("team-a")]],
    ] as const) {
      for (const name of names) assert.match(name, new RegExp(patterns[resource] ?? "^$"), `${resource} ${name}`);
    }
  });

  for (const stack of stackNames(fixtures)) {
    it(`include all that the platform creates in tenants' namespaces on ${stack}, or a tenant file chooses them`, async () => {
      const tenants = new Set(
        stackSpec(fixtures, stack).tenants.flatMap(({ namespaces }) => namespaces.map(({ name }) => name)),
      );
      const chosen = chosenNames(stack);
      let found = 0;
      for (const { inputs } of (await stackInventory(fixtures, stack)) as (InventoryEntry & { inputs: Inputs })[]) {
        const pattern = patterns[resourceOf(inputs)];
        const { name = "", namespace = "" } = inputs.metadata ?? {};
        if (pattern === undefined || !tenants.has(namespace)) continue;
        found += 1;
        assert.ok(chosen.has(name) || new RegExp(pattern).test(name), `${inputs.kind} ${name}`);
      }
      assert.ok(found >= 8, `${found} objects`);
    });
  }
});
