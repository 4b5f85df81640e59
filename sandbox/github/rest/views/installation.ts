import type { InstalledAppRecord, State } from "../../state/records.js";
import type { Urls } from "../urls.js";
import { accountView } from "./user.js";

/** The installation of an App. An account other than the organisation has no other object here. */
export function installationView(urls: Urls, { organization }: Pick<State, "organization">, app: InstalledAppRecord) {
  const { id, account, permissions, suspendedAt } = app.installation;
  const isOurs = account.toLowerCase() === organization.login.toLowerCase();
  const target = { id: isOurs ? organization.id : id, login: account };
  return {
    id,
    account: accountView(urls, target, "Organization"),
    repository_selection: "all",
    access_tokens_url: urls.api(`app/installations/${id}/access_tokens`),
    repositories_url: urls.api("installation/repositories"),
    html_url: urls.page(`organizations/${account}/settings/installations/${id}`),
    app_id: app.id,
    app_slug: app.slug,
    target_id: target.id,
    target_type: "Organization",
    permissions,
    events: [],
    created_at: app.createdAt,
    updated_at: app.createdAt,
    single_file_name: null,
    suspended_by: suspendedAt === null ? null : accountView(urls, target, "Organization"),
    suspended_at: suspendedAt,
  };
}
