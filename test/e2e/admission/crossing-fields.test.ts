import assert from "node:assert/strict";
import { join } from "node:path";
import { ensureToolchain } from "@fleet/sandbox/toolchain";
import { lockedVersion, readLock } from "../../../flux/release/lock.js";
import { loadManifest } from "../../../flux/release/manifest.js";
import { fleetSpec } from "../../support/unit/spec.js";
import type { Case, Place } from "./cases.js";
import { imageAutomationCases } from "./image-automation-cases.js";
import { notificationCases } from "./notification-cases.js";
import { sourceCases } from "./source-cases.js";
import { syncCases } from "./sync-cases.js";

const place: Place = { namespace: "team-a", organisation: "ssh://git@github.com/acme" };

/** Fields that say where else something is, by their last name. */
const crossing =
  /^(.*[nN]amespace(Selectors)?|kubeConfig|proxy(SecretRef)?|insecure|recurseSubmodules|provider|refspec)$/;

/** Fields of that name that lead nowhere else, and why. */
const harmless: Readonly<Record<string, string>> = {
  "HelmRelease driftDetection.ignore[].target.namespace": "chooses among what the release itself applies",
  "HelmRelease postRenderers[].kustomize.patches[].target.namespace": "chooses among what the chart itself renders",
  "HelmRelease install.createNamespace": "done as the tenant's account, which may not make namespaces",
  "Kustomization ignore[].target.namespace": "chooses among what the sync itself applies",
  "Kustomization patches[].target.namespace": "chooses among what the sync itself builds",
  "Kustomization decryption.provider": "names a tool: sops",
  "HelmChart verify.provider": "names a tool: cosign or notation",
  "HelmRelease chart.spec.verify.provider": "names a tool: cosign or notation",
  "OCIRepository verify.provider": "names a tool: cosign or notation",
  "Bucket sts.provider": "says how to ask; where is spec.sts.endpoint, and that is looked at",
  "HelmRepository accessFrom.namespaceSelectors":
    "not implemented by source-controller, and nothing refers across namespaces",
};

/** Kinds that no tenant's role lets it make, and whose controller is not installed. */
const notTenants = new Set(["ArtifactGenerator", "ExternalArtifact"]);

/**
 * Every field of Flux's kinds by which a tenant could leave its namespace has an attack of its own in the cases. A new
 * version of Flux with a new such field fails here until that field has a case.
 */
describe("Fields of Flux's kinds that lead out of a namespace", function () {
  this.timeout(90 * 60_000);
  const fields = new Set<string>();

  before(async () => {
    const { version } = fleetSpec().flux;
    const { manifests } = await ensureToolchain();
    const entry = lockedVersion(readLock(join(import.meta.dirname, "../../..")), version);
    for (const { kind, spec } of await loadManifest({ version, entry, directory: manifests })) {
      if (kind !== "CustomResourceDefinition") continue;
      const { names, versions } = spec as Definition;
      if (notTenants.has(names.kind)) continue;
      for (const one of versions) {
        const root = one.schema.openAPIV3Schema.properties?.spec;
        assert.ok(root, names.kind);
        for (const path of pathsOf(root)) {
          if (crossing.test(path.split(".").at(-1) ?? "")) fields.add(`${names.kind} ${path}`);
        }
      }
    }
  });

  it("are each refused in some case, or known to lead nowhere", () => {
    const cases: readonly Case[] = [
      ...syncCases(place),
      ...sourceCases(place),
      ...notificationCases(place),
      ...imageAutomationCases(place),
    ];
    const attacked = new Set(
      cases.flatMap(({ object, refused }) =>
        refused === undefined ? [] : leavesOf(object.spec).map((path) => `${object.kind} ${path}`),
      ),
    );
    assert.ok(fields.size > 30, `${fields.size} fields`);
    assert.deepEqual(
      [...fields].filter((field) => !attacked.has(field) && harmless[field] === undefined),
      [],
    );
  });

  it("that are known to lead nowhere are still there", () => {
    assert.deepEqual(
      Object.keys(harmless).filter((field) => !fields.has(field)),
      [],
    );
  });
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Definition {
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
}

/** Every field below a schema: `dependsOn[].namespace`. */
function pathsOf({ properties = {} }: Schema, prefix = ""): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    return [path, ...pathsOf(schema, `${path}.`), ...(schema.items ? pathsOf(schema.items, `${path}[].`) : [])];
  });
}

/** Every field that a value has, in the same words. */
function leavesOf(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (inner === undefined) return [];
    const path = `${prefix}${name}`;
    if (Array.isArray(inner)) return [path, ...inner.flatMap((one) => leavesOf(one, `${path}[].`))];
    return [path, ...leavesOf(inner, `${path}.`)];
  });
}
