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

/** Kinds that no tenant's role lets it create, and whose controller is not installed. */
const notTenants = new Set(["ArtifactGenerator", "ExternalArtifact"]);

/** A schema in a CRD. */
export interface Schema {
  readonly type?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Definition {
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
}

/** The cases of all policies on Flux's kinds. */
export function fluxCases(): readonly Case[] {
  return [...syncCases(place), ...sourceCases(place), ...notificationCases(place), ...imageAutomationCases(place)];
}

/** Every field of the kinds of Flux that tenants may have: "Kustomization dependsOn[].namespace" → its schema. */
export async function fluxFields(): Promise<ReadonlyMap<string, Schema>> {
  const { version } = fleetSpec().flux;
  const { manifests } = await ensureToolchain();
  const entry = lockedVersion(readLock(join(import.meta.dirname, "../../..")), version);
  const fields = new Map<string, Schema>();
  for (const { kind, spec } of await loadManifest({ version, entry, directory: manifests })) {
    if (kind !== "CustomResourceDefinition") continue;
    const { names, versions } = spec as Definition;
    if (notTenants.has(names.kind)) continue;
    for (const one of versions) {
      const root = one.schema.openAPIV3Schema.properties?.spec;
      assert.ok(root, names.kind);
      for (const [path, schema] of fieldsOf(root)) fields.set(`${names.kind} ${path}`, schema);
    }
  }
  return fields;
}

function fieldsOf({ properties = {} }: Schema, prefix = ""): [string, Schema][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const inner = schema.items ? fieldsOf(schema.items, `${path}[].`) : [];
    return [[path, schema] as [string, Schema], ...fieldsOf(schema, `${path}.`), ...inner];
  });
}

/** Every field that a value has, as {@link fluxFields} writes it, with its value. */
export function leavesOf(value: unknown, prefix = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (inner === undefined) return [];
    const path = `${prefix}${name}`;
    const own: [string, unknown][] = [[path, inner]];
    if (Array.isArray(inner)) return [...own, ...inner.flatMap((one) => leavesOf(one, `${path}[].`))];
    return [...own, ...leavesOf(inner, `${path}.`)];
  });
}
