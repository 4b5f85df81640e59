import { CORE_SCHEMA, load } from "js-yaml";
import type { FleetSpec } from "../../config/fleet-spec.js";
import type { Files } from "../../config/platform/kustomize-build.js";
import { platformManifests } from "../../config/platform/platform-manifests.js";
import { substitute } from "../../config/platform/substitute.js";
import type { Values } from "../../config/platform/sync-values.js";
import { isPlainObject, type PlainValue } from "../../lib/data/merge.js";
import type { BuiltObject } from "../../review/platform/built-platform.js";
import { ROOT_SYNC } from "../../review/platform/dependencies.js";
import type { PlatformBuild } from "./build-platform.js";

/**
 * The platform's objects as the files have them, for a machine without kustomize. Those of kustomizations with patches are
 * left out, because only kustomize knows what becomes of them.
 */
export function readUnbuilt(files: Files, { stack, stacks }: FleetSpec, variables: Values): PlatformBuild {
  const manifests = platformManifests({ files, stack, stacks, variables });
  const objects = manifests
    .filter(({ patched, data }) => !patched && data.apiVersion !== undefined && data.metadata !== undefined)
    .map(({ data, placeOf, values, folder, substituted }): BuiltObject => {
      const replaced = substituted ? withValues(data, values) : data;
      return { data: isPlainObject(replaced) ? replaced : data, placeOf, folder, appliedBy: ROOT_SYNC };
    });
  return { objects, buildFaults: [] };
}

/** Flux replaces variables in the text of an object, so that a number becomes one. */
function withValues(value: PlainValue, values: Values): PlainValue {
  if (Array.isArray(value)) return value.map((item) => withValues(item, values));
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withValues(field, values)]));
  }
  if (typeof value !== "string") return value;
  const text = substitute(value, values);
  return text === value || !/^(?:-?\d+|true|false)$/.test(text)
    ? text
    : (load(text, { schema: CORE_SCHEMA }) as PlainValue);
}
