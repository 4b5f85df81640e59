import { z } from "zod";
import { choiceField, listField, mapField, textField } from "../../rules/field.js";
import { dnsLabel } from "../../rules/names.js";
import { patternRule } from "../../rules/rule.js";
import { hookAddress } from "../../rules/web-address.js";
import { inEither, ofOneTenant } from "../forms.js";

/**
 * Services that a tenant can be told by.
 * @see https://fluxcd.io/flux/components/notification/providers/
 */
const types = ["slack", "msteams", "generic", "generic-hmac", "github"] as const;

/** Names of channels are the service's own; a line break is in none of them. */
const channelName = patternRule({
  pattern: "^[^\\p{Cc}]+$",
  maxLength: 200,
  form: "one line",
  fix: "Write the channel as Slack shows it, for instance payments-alerts",
});

const notification = z.strictObject({
  type: inEither(
    choiceField(types, {
      description:
        "Kind of service: Slack, Microsoft Teams, a webhook, a signed webhook, the commit's status at GitHub.",
    }),
  ),
  address: textField(hookAddress, {
    description:
      "Address of the service, with https and the name of a public host. Default: what the secret holds; for github, the page of the tenant's primary repository.",
    examples: ["https://hooks.example.com/alerts"],
  }).exactOptional(),
  channel: textField(channelName, {
    description: "Channel, for Slack with a bot's token. Default: none.",
  }).exactOptional(),
  secret: inEither(
    textField(dnsLabel, {
      description:
        "Name of a secret of this tenant in fleet:secrets: the address, where the field address is missing; otherwise the token.",
      examples: ["slack"],
    }),
  ),
  events: choiceField(["error", "info"], {
    description: "The events that are sent: failures, or all. Default: error; for github, info.",
  }).exactOptional(),
  syncs: ofOneTenant(
    listField(textField(dnsLabel, { description: "Name of a sync." }), {
      description:
        "Names of the syncs of this tenant that it reports, with their sources. Default: all, and every HelmRelease and source in the tenant's namespaces.",
    }).default([]),
    "a sync is of one tenant",
  ),
});

/** Notifications, by name; whether a type wants an address or a channel is checked beside the schema. */
export const notifications = mapField(textField(dnsLabel, { description: "Name of the notification." }), notification, {
  description:
    "Receivers of notifications about the tenant's syncs, by name. Default: none, or a commit status if the stack has the secret commit-status.",
}).default({});

/**
 * A notification with the events that it has unless the file says otherwise. Success is what everybody expects, so only
 * failures are sent; but a commit's status that never turns green again would mislead.
 */
export function completeNotification(declared: z.output<typeof notification>) {
  const events: "error" | "info" = declared.type === "github" ? "info" : "error";
  return { events, ...declared };
}
