import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import type { StackConfig } from "../stack/schema.js";
import { setSecretCommand } from "../stack/secrets.js";
import { type DeclaredTenant, having, problemAt, type TenantCheck } from "./declared-tenant.js";
import type { TenantSpec } from "./schema.js";

/** The loader's record of a secret of a tenant; undefined when the stack has none of that name. */
export function stackSecret(
  secrets: StackConfig["secrets"],
  tenant: string,
  secret: string,
): StackConfig["secrets"][string][string] | undefined {
  return own(own(secrets, tenant), secret);
}

/** The problem of a tenant that refers to a secret that its stack lacks. */
export function missingSecret(tenant: DeclaredTenant, place: Path, secret: string, stack: string): Problem {
  const message = `${JSON.stringify(secret)} is no secret of the tenant ${tenant.name} in fleet:secrets of Pulumi.${stack}.yaml`;
  return problemAt(tenant, place, message, `Set it: ${setSecretCommand(stack, `secrets.${tenant.name}.${secret}`)}`);
}

/** A credential without use is only there to be stolen, or its name was mistyped. */
export const unusedSecretProblems: TenantCheck = (tenants, { settings, stack }) => {
  const sound = having(tenants, "notifications", "pullSecrets");
  return Object.entries(settings.sound.secrets ?? {}).flatMap(([name, names]) => {
    const tenant = sound.find((one) => one.name === name);
    const isOnStack = tenants.some((one) => one.name === name);
    // Broken sections do not show which secrets they would use.
    if (tenant === undefined && isOnStack) return [];
    const used = tenant === undefined ? [] : usedSecrets(tenant.spec);
    return Object.keys(names)
      .filter((secret) => !used.includes(secret))
      .map((secret) => ({
        file: `Pulumi.${stack}.yaml`,
        path: `fleet:secrets.${name}.${secret}`,
        message: isOnStack ? `${name} refers to it nowhere` : `there is no tenant ${name} on this stack`,
        fix: `Use it in the tenant's file, or remove it: pulumi config rm --stack ${stack} --path fleet:secrets.${name}.${secret}`,
      }));
  });
};

function usedSecrets({ notifications, pullSecrets }: Pick<TenantSpec, "notifications" | "pullSecrets">): string[] {
  return [...Object.values(notifications), ...Object.values(pullSecrets)].map(({ secret }) => secret);
}

function own<Value>(object: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
