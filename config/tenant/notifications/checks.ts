import { isPlainObject, type PlainObject } from "../../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, valueAt } from "../../files/declared-tenant.js";
import { type SecretNames, setSecretCommand } from "../../stack/secrets.js";
import { syncsOf } from "../syncs/checks.js";
import { NOTIFICATION_TYPES, type NotificationType } from "./schema.js";

interface NotificationArgs {
  readonly stack: string;
  /** Secrets that the stack has; undefined when they are themselves wrong. */
  readonly secrets: SecretNames | undefined;
}

/** One of a tenant's notifications, before it is known to be valid. */
interface Notification {
  readonly member: Member;
  /** Its name, and where it is in the tenant. */
  readonly name: string;
  readonly said: PlainObject;
}

/**
 * What is wrong between a tenant's notifications, its syncs and the stack's secrets, or between the fields of one. What
 * is wrong in itself is passed over: whoever reads the files has said so.
 */
export function notificationProblems(members: readonly Member[], args: NotificationArgs): Problem[] {
  return [
    ...members
      .flatMap(notificationsOf)
      .flatMap((one) => [...missingFields(one), ...typeProblems(one), ...syncNames(one), ...secretProblems(one, args)]),
    ...unusedSecrets(members, args),
  ];
}

function notificationsOf(member: Member): Notification[] {
  const { notifications } = member.merged;
  if (!isPlainObject(notifications)) return [];
  return Object.entries(notifications).flatMap(([name, said]) => (isPlainObject(said) ? [{ member, name, said }] : []));
}

/** Base file and overlay may each say a part; together they must say it all. */
function missingFields(one: Notification): Problem[] {
  return ["type", "secret"]
    .filter((field) => one.said[field] === undefined)
    .map((field) => problem(one, field, "is missing", "Add it"));
}

function typeProblems(one: Notification): Problem[] {
  const type = typeOf(one);
  if (type === undefined) return [];
  const { address, channel } = one.said;
  const problems: Problem[] = [];
  const add = (field: string, message: string, fix: string) => problems.push(problem(one, field, message, fix));
  if (type === "generic-hmac" && address === undefined) {
    add("address", "is missing: the secret is what requests are signed with", "Add the address");
  }
  if (type === "msteams" && address !== undefined) {
    add(
      "address",
      "is not for msteams, whose whole address is a secret",
      "Remove it, and set the secret to the address",
    );
  }
  if (type === "slack" && address !== undefined && channel === undefined) {
    add("channel", "is missing: a bot must be told where to write", "Add the channel");
  }
  if (channel !== undefined && (type !== "slack" || address === undefined)) {
    add("channel", "is for slack with an address and a bot's token; a webhook has its own channel", "Remove it");
  }
  if (type === "github" && typeof address === "string" && !isRepositoryPage(address)) {
    add("address", "is not the page of a repository", "Write it like https://github.com/acme/team-payments");
  }
  return problems;
}

/** An address that is no URL has been told of already. */
function isRepositoryPage(address: string): boolean {
  return !URL.canParse(address) || /^\/[^/]+\/[^/]+\/?$/.test(new URL(address).pathname);
}

function syncNames(one: Notification): Problem[] {
  const { syncs } = one.said;
  if (!Array.isArray(syncs)) return [];
  const known = syncsOf(one.member).map(({ name }) => name);
  return syncs.flatMap((name, index) => {
    if (typeof name !== "string" || known.includes(name)) return [];
    const message = `${JSON.stringify(name)} is no sync of the tenant ${one.member.name}`;
    const fix = didYouMean(nearMatches(name, known), `Name one of: ${known.join(", ")}`);
    return [problem(one, "syncs", message, fix, index)];
  });
}

function secretProblems(one: Notification, { secrets, stack }: NotificationArgs): Problem[] {
  const name = one.said.secret;
  if (secrets === undefined || typeof name !== "string") return [];
  const tenant = one.member.name;
  const traits = own(own(secrets, tenant), name);
  if (traits === undefined) {
    const message = `${JSON.stringify(name)} is no secret of the tenant ${tenant} in fleet:secrets of Pulumi.${stack}.yaml`;
    return [problem(one, "secret", message, `Set it: ${setSecretCommand(stack, `${tenant}.${name}`)}`)];
  }
  if (!isAddress(one) || traits.isAddress) return [];
  const message = `${JSON.stringify(name)} must hold the address that it is sent to, and that is no https address without credentials`;
  return [problem(one, "secret", message, `Set it again: ${setSecretCommand(stack, `${tenant}.${name}`)}`)];
}

/** Whether the secret is the address itself. */
function isAddress(one: Notification): boolean {
  return one.said.address === undefined && ["slack", "msteams", "generic"].includes(typeOf(one) ?? "");
}

/** A credential that nobody uses is only there to be stolen, or its name was mistyped. */
function unusedSecrets(members: readonly Member[], { secrets = {}, stack }: NotificationArgs): Problem[] {
  return Object.entries(secrets).flatMap(([tenant, names]) => {
    const member = members.find(({ name }) => name === tenant);
    const used = member === undefined ? [] : notificationsOf(member).map(({ said }) => said.secret);
    return Object.keys(names)
      .filter((name) => !used.includes(name))
      .map((name) => ({
        file: `Pulumi.${stack}.yaml`,
        path: `fleet:secrets.${tenant}.${name}`,
        message: member === undefined ? `there is no tenant ${tenant} on this stack` : `${tenant} refers to it nowhere`,
        fix: `Use it in the tenant's file, or remove it: pulumi config rm --stack ${stack} --path fleet:secrets.${tenant}.${name}`,
      }));
  });
}

function typeOf({ said }: Notification): NotificationType | undefined {
  return NOTIFICATION_TYPES.find((type) => type === said.type);
}

function own<Value>(object: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

function problem(
  { member, name }: Notification,
  field: string,
  message: string,
  fix: string,
  ...rest: readonly number[]
): Problem {
  const place = ["notifications", name];
  // A field that is nowhere is missing in the file that has the last word on the notification.
  const file = fileThatSays(
    member,
    valueAt(member.merged, [...place, field]) === undefined ? place : [...place, field],
  );
  return { ...placed(file, [...place, field, ...rest]), message, fix };
}
