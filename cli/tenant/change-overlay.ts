import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { writeAll } from "../new-stack/write-files.js";
import { requireSound } from "./change-files.js";
import type { ExceptionKind } from "./exception-kinds.js";

/** An edit of a tenant's overlay. */
export interface OverlayEdit extends Pick<ExceptionKind, "fields"> {
  readonly root: string;
  readonly stack: string;
  /** The tenant as it is. */
  readonly before: TenantSpec;
  readonly edit: (text: string) => string;
  /** The exception that syncs must not have afterwards. @default - the edit ends none */
  readonly ended?: Pick<ExceptionKind, "verb" | "isOn"> & { readonly syncs: readonly string[] };
}

/**
 * Edits the overlay of a tenant, once all stacks are sound with it.
 * @returns the path of the file
 * @throws FleetError when other fields of the tenant would change, or when another file has the ended exception, too
 */
export async function changeOverlay({ root, stack, before, edit, fields, ended }: OverlayEdit): Promise<string> {
  const file = `stacks/${stack}/tenants/${before.name}.yaml`;
  const text = readFileSync(join(root, file), "utf8");
  const edited = [{ file, before: text, after: edit(text) }];
  const loaded = await requireSound(root, { edited });
  const tenant = loaded.find((one) => one.stack === stack)?.spec?.tenants.find(({ name }) => name === before.name);
  const still = tenant?.syncs.find((sync) => ended?.syncs.includes(sync.name) && ended.isOn(sync));
  if (still !== undefined) {
    const fix = `npx fleet show ${before.name} --stack ${stack} --origin names it: edit that file, or write null in place of the field`;
    throw fleetError(file, "", `another file ${ended?.verb} ${still.name} too, so nothing was changed`, fix);
  }
  // A section that is null takes out what other files say, and a field in it would bring that back.
  if (tenant === undefined || !isDeepStrictEqual(withoutFields(tenant, fields), withoutFields(before, fields))) {
    const message = "would change other settings of the tenant, so nothing was changed";
    throw fleetError(file, "", message, "Replace null by the values that it stands for, or edit the file by hand");
  }
  writeAll(root, {}, edited);
  return file;
}

/** The settings of a tenant without some fields of its syncs. */
function withoutFields(tenant: TenantSpec, fields: readonly string[]) {
  const kept = (sync: object) => Object.entries(sync).filter(([field]) => !fields.includes(field));
  return { ...tenant, syncs: tenant.syncs.map((sync) => Object.fromEntries(kept(sync))) };
}
