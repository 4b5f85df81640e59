import type { HookRecord } from "../../state/records.js";
import type { Urls } from "../urls.js";

/** A webhook. Its secret is never shown, only that there is one. */
export function hookView(urls: Urls, repository: string, hook: HookRecord) {
  const url = `${urls.repository(repository)}/hooks/${hook.id}`;
  return {
    type: "Repository",
    id: hook.id,
    name: "web",
    active: hook.active,
    events: hook.events,
    config: {
      content_type: hook.contentType,
      insecure_ssl: hook.insecureSsl ? "1" : "0",
      url: hook.url,
      ...(hook.secret === null ? {} : { secret: "********" }),
    },
    updated_at: hook.updatedAt,
    created_at: hook.createdAt,
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: hook.lastResponse,
  };
}
