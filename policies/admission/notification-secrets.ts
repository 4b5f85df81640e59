import type { FleetSpec } from "../../config/fleet-spec.js";
import { kinds } from "../kinds.js";
import { decoded } from "./cel/base64.js";
import { cel, celList, celString, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { platform } from "./cel/principals.js";
import { isInnerName, isPublic } from "./cel/public-host.js";

/**
 * Keys of a Secret by which notification-controller 2.9 finds another server than the one in the Provider: the address
 * replaces `spec.address`, and all requests go by the proxy.
 * @see https://github.com/fluxcd/notification-controller/blob/v1.9.2/internal/server/event_handlers.go
 */
const keys = ["address", "proxy"];

/** The most characters of an encoded address: notification-controller refuses more than 2048 bytes. */
const longest = 4 * Math.ceil(2048 / 3);

/** The parts of an address before and after its host. A name and a password of the user may come first. */
const scheme = "^(https|tls)://";
const anyScheme = "^[a-z][a-z0-9+.-]*://";
const user = "([^@/?#\\\\ ]*@)?";
const host = "[^@:/?#\\\\ ]+";
const rest = "(:[0-9]{1,5})?([/?#][^ ]*)?$";

/**
 * The policy on addresses of notifications in Secrets. No policy sees a Secret together with the Provider that names it,
 * so the keys that notification-controller reads have the form of an address of a public host in every Secret of a
 * tenant. NATS takes a list, so every part between commas is an address. The platform's own Secrets come from tenant
 * files, which are checked when they are read.
 */
export function notificationSecrets({ notificationAddresses }: FleetSpec["admission"]): PolicyDefinition {
  const isAny = notificationAddresses === "any";
  const before = `${isAny ? anyScheme : scheme}${user}`;
  const named = isAny ? "the name of a host" : "a public host, as https://HOST/PATH";
  return {
    name: "fleet-notification-secrets",
    resourceRules: createOrUpdate(kinds("", "secrets")),
    matchConditions: {
      "has-an-address": `${celList(keys)}.exists(key, key in object.?data.orValue({}))`,
      "data-changes": isNewOrChanges("?data"),
    },
    variables: {
      values: `${celList(keys)}.map(key, object.data[?key].orValue('')).filter(value, value != '')`,
      areShort: `variables.values.all(value, size(value) <= ${longest})`,
      addresses: cel`
        variables.areShort && variables.values.size() > 0
        ? variables.values.map(value, ${decoded("value")}).join(',').split(',').map(address, address.trim())
        : []
      `,
      hosts: cel`
        variables.addresses.map(
          address,
          address.matches(${celString(`${before}${host}${rest}`)})
          ? address.replace(address.find(${celString(before)}), '', 1).find(${celString(`^${host}`)}).lowerAscii()
          : ''
        )
      `,
      platform,
    },
    validations: [
      {
        expression: cel`
          (variables.areShort && variables.hosts.all(host, ${isAny ? isInnerName("host") : isPublic("host")}))
          || variables.platform
        `,
        message: `Flux sends notifications to the keys address and proxy of a Secret from inside the cluster: write ${named}, or name the keys otherwise if the Secret is for something else; ask the platform team for an exception (fleet:notificationAddresses, fleet:secretAddresses)`,
      },
    ],
  };
}
