import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { loadFleetSpec } from "../../../config/load.js";
import { ownRepository, recordFleet, root } from "../../support/unit/fleet.js";
import type { Registration } from "../../support/unit/recorder.js";
import { stackConfig, stackNames } from "../../support/unit/stack-config.js";

/**
 * Everything that a stack registers, committed, so that a pull request shows the difference in infrastructure beside
 * the difference in code. `npm run golden` writes it anew. Flux's own objects are in test/e2e/flux/golden: they come
 * from the real manifest, which is not kept here.
 */
describe("the golden inventory", () => {
  for (const stack of stackNames(root)) {
    it(`of ${stack} is what the stack registers; if the change is wanted, run: npm run golden`, async () => {
      const { spec } = loadFleetSpec({
        root,
        stack,
        config: stackConfig(root, stack),
        disabledDefaultProviders: '["*"]',
        environment: { GITHUB_TOKEN: "made-up", GITHUB_OWNER: "acme", KUBERNETES_SERVICE_HOST: "10.0.0.1" },
      });
      const { registrations } = await recordFleet(spec, { repositories: repositoriesFor(spec) });
      const inventory = `${JSON.stringify(registrations.filter(isOfStack).map(entry).sort(byName), undefined, 2)}\n`;

      const file = join(import.meta.dirname, `${stack}.json`);
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, inventory);
      assert.ok(existsSync(file), `${file} does not exist; run: npm run golden`);
      assert.deepEqual(JSON.parse(inventory), JSON.parse(readFileSync(file, "utf8")));
    });
  }
});

/** A stack that owns no repositories finds them there. */
function repositoriesFor(spec: FleetSpec) {
  if (spec.github.ownsRepositories) return new Map();
  const names = [
    spec.platform.repository.name,
    ...spec.tenants.map(({ repositories: [repository] }) => repository.name),
  ];
  return new Map(names.map(ownRepository));
}

function isOfStack({ name, type }: Registration): boolean {
  return !(name.startsWith("fleet-flux-") && type.startsWith("kubernetes:"));
}

function entry(registration: Registration) {
  const { type, name, inputs, secretInputs, dependsOn, parent } = registration;
  return {
    name,
    type,
    parent: lastName(parent),
    dependsOn: [...new Set(dependsOn.map(lastName))].sort(),
    ...optionsOf(registration),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [key, secretInputs.includes(key) ? "[secret]" : value]),
    ),
  };
}

/** How the engine treats the resource, as far as it is not what the engine does by itself. */
function optionsOf(registration: Registration): Readonly<Record<string, unknown>> {
  const { provider, customTimeouts, deletedWith, importId } = registration;
  const options = {
    // A reference is the provider's URN and its id.
    provider: lastName(provider.split("::").slice(0, -1).join("::")),
    import: importId,
    protect: registration.protect,
    retainOnDelete: registration.retainOnDelete,
    deletedWith: lastName(deletedWith),
    ignoreChanges: registration.ignoreChanges,
    additionalSecretOutputs: registration.additionalSecretOutputs,
    timeouts: Object.fromEntries(Object.entries(customTimeouts).filter(([, duration]) => duration !== "")),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== false && size(value) > 0));
}

function size(value: true | string | object): number {
  return value === true ? 1 : typeof value === "string" ? value.length : Object.keys(value).length;
}

/** The part of a URN that people know a resource by. */
function lastName(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function byName(a: { name: string; type: string }, b: { name: string; type: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.type < b.type ? -1 : 1;
}
