import { z } from "zod";
import { choiceField, resettable, textField } from "../../rules/field.js";
import { dnsLabel } from "../../rules/names.js";
import { patternRule } from "../../rules/rule.js";
import { webAddress } from "../../rules/web-address.js";
import { tenantDefaults } from "../defaults.js";

/**
 * Services that a tenant can be told by.
 * @see https://fluxcd.io/flux/components/notification/providers/
 */
export const NOTIFICATION_TYPES = ["slack", "msteams", "generic", "generic-hmac", "github"] as const;

/** One of {@link NOTIFICATION_TYPES}. */
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** Names of channels are the service's own; a line break is in none of them. */
const channelName = patternRule({
  pattern: "^[^\\p{Cc}]+$",
  maxLength: 200,
  form: "one line",
  fix: "Write the channel as Slack shows it, for instance payments-alerts",
});

const fields = {
  type: choiceField(NOTIFICATION_TYPES, {
    description: "Kind of service: Slack, Microsoft Teams, a webhook, a signed webhook, the commit's status at GitHub.",
  }),
  address: textField(webAddress, {
    description:
      "Where it is sent, https. Default: what the secret holds; for github, the page of the tenant's first repository.",
    examples: ["https://hooks.example.com/alerts"],
  }),
  channel: textField(channelName, { description: "Channel, for Slack with a bot's token. Default: none." }),
  secret: textField(dnsLabel, {
    description:
      "Name of a secret of this tenant in fleet:secrets: the address, where none is said; otherwise the token.",
    examples: ["slack"],
  }),
  events: choiceField(["error", "info"], {
    description: "What is told: what fails, or everything. Default: error; for github, info.",
  }),
  syncs: z.array(textField(dnsLabel, { description: "Name of a sync." })).meta({
    description:
      "Syncs of this tenant that it is about, with their sources; the names. Default: all, and every HelmRelease and source in the tenant's namespaces.",
  }),
};

const name = textField(dnsLabel, { description: "Name of the notification." });
const text = "Who is told of what becomes of the tenant's syncs, by name. Default: nobody.";

/** Notifications, complete; whether a type wants an address or a channel is checked beside the schema. */
export const notifications = z.record(
  name,
  z.strictObject({ ...fields, address: fields.address.optional(), channel: fields.channel.optional() }),
);

/** Notifications in a base file. */
export const notificationsFile = z.record(name, z.strictObject(fields).partial()).meta({ description: text });

/** Notifications in an overlay; null takes one away. */
export const notificationsOverlay = z
  .record(
    name,
    z
      .strictObject({
        type: fields.type.optional(),
        address: resettable(fields.address),
        channel: resettable(fields.channel),
        secret: fields.secret.optional(),
        events: resettable(fields.events),
        syncs: resettable(fields.syncs),
      })
      .nullable(),
  )
  .meta({ description: `${text} Laid over those of the base file; null takes one away.` });

/** What is told when the file does not say: a commit's status that never turns green again would only mislead. */
export function defaultEvents(type: unknown): "error" | "info" {
  return type === "github" ? "info" : tenantDefaults.events;
}
