import type { StackSettings } from "../../stack/read-config.js";
import type { ParsedTenant } from "../declared-tenant.js";
import { completeNotification } from "./schema.js";

/** Name of a tenant's secret that gives it a commit status by itself, and name of that notification. */
export const COMMIT_STATUS = "commit-status";

/**
 * A tenant with a notification of the type github if the stack has a secret `commit-status` for it, so that the platform
 * team stores a token and edits no file. A file that declares a commit status, or uses the name, decides by itself.
 *
 * No token of the whole organisation is taken by default. A tenant reads the Secrets of its namespace, and could set
 * statuses in the repositories of others. Alerts of Flux's namespace, where no tenant reads, may not watch tenants.
 */
export function withCommitStatus(tenant: ParsedTenant, { sound }: Pick<StackSettings, "sound">): ParsedTenant {
  const secrets = new Map(Object.entries(sound.secrets ?? {})).get(tenant.name) ?? {};
  const declared = Object.entries(tenant.sections.notifications);
  const decidesItself = declared.some(([name, { type, secret }]) => {
    return type === "github" || [name, secret].includes(COMMIT_STATUS);
  });
  if (tenant.broken.has("notifications") || decidesItself || !Object.hasOwn(secrets, COMMIT_STATUS)) return tenant;
  const status = completeNotification({ type: "github", secret: COMMIT_STATUS, syncs: [] });
  const notifications = { ...tenant.sections.notifications, [COMMIT_STATUS]: status };
  return { ...tenant, sections: { ...tenant.sections, notifications } };
}
