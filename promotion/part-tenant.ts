import type { Part } from "./content.js";

/**
 * The tenant that a part is of: its base file, or a revision that one of its syncs is pinned to. Undefined for a part of the
 * whole stack.
 */
export function tenantOfPart({ kind, name }: Pick<Part, "kind" | "name">): string | undefined {
  if (kind === "tenant") return name;
  // The platform's revision has no sync.
  return kind === "revision" && name.includes("/") ? name.slice(0, name.indexOf("/")) : undefined;
}

/** The settings without the overlays of tenants, and every other part as it is. */
export function withoutOverlays(part: Part, tenants: readonly string[]): Part {
  return part.without === undefined ? part : { ...part, value: part.without(tenants) };
}
