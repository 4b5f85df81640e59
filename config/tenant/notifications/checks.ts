import type { Problem } from "../../../lib/diagnostics/problem.js";
import { declaredLocation } from "../../files/location.js";
import { setSecretCommand } from "../../stack/secrets.js";
import { type DeclaredTenant, having, problemAt, type TenantCheck, unknownName } from "../declared-tenant.js";
import type { TenantSpec } from "../schema.js";
import { missingSecret, stackSecret } from "../stack-secrets.js";

type Notification = TenantSpec["notifications"][string];

/** Notifications whose fields do not go with their type. */
export const notificationTypeProblems: TenantCheck = (tenants) =>
  having(tenants, "notifications").flatMap((tenant) =>
    Object.entries(tenant.spec.notifications).flatMap(([name, declared]) => typeProblems(tenant, name, declared)),
  );

function typeProblems(tenant: DeclaredTenant, name: string, { type, address, channel }: Notification): Problem[] {
  const isForBot = type === "slack" && address !== undefined;
  const problems: Problem[] = [];
  const add = (field: string, message: string, fix: string) =>
    problems.push({ ...declaredLocation(tenant, ["notifications", name, field]), message, fix });
  if (type === "generic-hmac" && address === undefined) {
    add("address", "is missing: the secret is what requests are signed with", "Add the address");
  }
  if (type === "msteams" && address !== undefined) {
    const fix = "Remove it, and set the secret to the address";
    add("address", "is not for msteams, whose whole address is a secret", fix);
  }
  if (isForBot && channel === undefined) {
    add("channel", "is missing: a bot must be told where to write", "Add the channel");
  }
  if (!isForBot && channel !== undefined) {
    add("channel", "is for slack with an address and a bot's token; a webhook has its own channel", "Remove it");
  }
  if (type === "github" && address !== undefined && !/^\/[^/]+\/[^/]+\/?$/.test(new URL(address).pathname)) {
    add("address", "is not the page of a repository", "Write it like https://github.com/acme/team-payments");
  }
  return problems;
}

/** Notifications about syncs that the tenant does not have. */
export const notifiedSyncProblems: TenantCheck = (tenants) =>
  having(tenants, "notifications", "syncs").flatMap((tenant) => {
    const known = tenant.spec.syncs.map(({ name }) => name);
    const message = `is no sync of the tenant ${tenant.name}`;
    return Object.entries(tenant.spec.notifications).flatMap(([name, { syncs }]) =>
      syncs.flatMap((sync, index) =>
        unknownName(tenant, ["notifications", name, "syncs", index], sync, { known, message }),
      ),
    );
  });

/** Notifications whose secret the stack lacks, or holds no address where it must. */
export const notificationSecretProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { secrets } = settings.sound;
  if (secrets === undefined) return [];
  return having(tenants, "notifications").flatMap((tenant) =>
    Object.entries(tenant.spec.notifications).flatMap(([name, { type, address, secret }]) => {
      const place = ["notifications", name, "secret"];
      const traits = stackSecret(secrets, tenant.name, secret);
      if (traits === undefined) return [missingSecret(tenant, place, secret, stack)];
      const isAddress = address === undefined && ["slack", "msteams", "generic"].includes(type);
      if (!isAddress || traits.isAddress) return [];
      const message = `${JSON.stringify(secret)} must hold the address that it is sent to, and that is no https address of a public host without credentials`;
      const command = setSecretCommand(stack, `secrets.${tenant.name}.${secret}`);
      return [problemAt(tenant, place, message, `Set it again: ${command}`)];
    }),
  );
};
