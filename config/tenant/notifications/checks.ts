import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { declaredLocation } from "../../files/location.js";
import { setSecretCommand } from "../../stack/secrets.js";
import { type DeclaredTenant, having, type ParsedTenant } from "../declared-tenant.js";
import type { TenantsArgs } from "../read-tenants.js";
import type { TenantSpec } from "../schema.js";

/** One of a tenant's notifications. */
interface Notification {
  readonly tenant: DeclaredTenant<"notifications">;
  readonly name: string;
  readonly declared: TenantSpec["notifications"][string];
}

/** The problems between a tenant's notifications, its syncs and the stack's secrets, or between the fields of one. */
export function notificationProblems(tenants: readonly ParsedTenant[], args: TenantsArgs): Problem[] {
  const notifications = having(tenants, "notifications").flatMap((tenant) => notificationsOf(tenant));
  return [
    ...notifications.flatMap((one) => [...typeProblems(one), ...secretProblems(one, args)]),
    ...having(tenants, "notifications", "syncs").flatMap((tenant) =>
      notificationsOf(tenant).flatMap((one) =>
        syncNames(
          one,
          tenant.spec.syncs.map(({ name }) => name),
        ),
      ),
    ),
    ...unusedSecrets(tenants, args),
  ];
}

function notificationsOf(tenant: DeclaredTenant<"notifications">): Notification[] {
  return Object.entries(tenant.spec.notifications).map(([name, declared]) => ({ tenant, name, declared }));
}

function typeProblems(one: Notification): Problem[] {
  const { type, address, channel } = one.declared;
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
  if (type === "github" && address !== undefined && !isRepositoryPage(address)) {
    add("address", "is not the page of a repository", "Write it like https://github.com/acme/team-payments");
  }
  return problems;
}

function isRepositoryPage(address: string): boolean {
  return /^\/[^/]+\/[^/]+\/?$/.test(new URL(address).pathname);
}

function syncNames(one: Notification, known: readonly string[]): Problem[] {
  return one.declared.syncs.flatMap((name, index) => {
    if (known.includes(name)) return [];
    const message = `${JSON.stringify(name)} is no sync of the tenant ${one.tenant.name}`;
    const fix = didYouMean(nearMatches(name, known), `Name one of: ${known.join(", ")}`);
    return [problem(one, "syncs", message, fix, index)];
  });
}

function secretProblems(one: Notification, { settings, stack }: TenantsArgs): Problem[] {
  const { secrets } = settings.sound;
  if (secrets === undefined) return [];
  const { tenant, declared } = one;
  const traits = own(own(secrets, tenant.name), declared.secret);
  if (traits === undefined) {
    const message = `${JSON.stringify(declared.secret)} is no secret of the tenant ${tenant.name} in fleet:secrets of Pulumi.${stack}.yaml`;
    const fix = `Set it: ${setSecretCommand(stack, `${tenant.name}.${declared.secret}`)}`;
    return [problem(one, "secret", message, fix)];
  }
  if (!isAddress(one) || traits.isAddress) return [];
  const message = `${JSON.stringify(declared.secret)} must hold the address that it is sent to, and that is no https address without credentials`;
  const fix = `Set it again: ${setSecretCommand(stack, `${tenant.name}.${declared.secret}`)}`;
  return [problem(one, "secret", message, fix)];
}

/** Whether the secret is the address itself. */
function isAddress({ declared: { type, address } }: Notification): boolean {
  return address === undefined && ["slack", "msteams", "generic"].includes(type);
}

/** A credential without use is only there to be stolen, or its name was mistyped. */
function unusedSecrets(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  const { secrets = {} } = settings.sound;
  const sound = having(tenants, "notifications");
  return Object.entries(secrets).flatMap(([name, names]) => {
    const tenant = sound.find((one) => one.name === name);
    const isOnStack = tenants.some((one) => one.name === name);
    // Broken notifications do not show which secrets they would use.
    if (tenant === undefined && isOnStack) return [];
    const used = tenant === undefined ? [] : notificationsOf(tenant).map(({ declared }) => declared.secret);
    return Object.keys(names)
      .filter((secret) => !used.includes(secret))
      .map((secret) => ({
        file: `Pulumi.${stack}.yaml`,
        path: `fleet:secrets.${name}.${secret}`,
        message: isOnStack ? `${name} refers to it nowhere` : `there is no tenant ${name} on this stack`,
        fix: `Use it in the tenant's file, or remove it: pulumi config rm --stack ${stack} --path fleet:secrets.${name}.${secret}`,
      }));
  });
}

function own<Value>(object: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

function problem(
  { tenant, name }: Notification,
  field: string,
  message: string,
  fix: string,
  ...rest: readonly number[]
): Problem {
  return { ...declaredLocation(tenant, ["notifications", name, field, ...rest]), message, fix };
}
