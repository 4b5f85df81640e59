import { having, type TenantCheck } from "../declared-tenant.js";
import { missingSecret, stackSecret } from "../stack-secrets.js";

/** Credentials for registries whose password the stack lacks. */
export const pullSecretProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { secrets } = settings.sound;
  if (secrets === undefined) return [];
  return having(tenants, "pullSecrets").flatMap((tenant) =>
    Object.entries(tenant.spec.pullSecrets)
      .filter(([, { secret }]) => stackSecret(secrets, tenant.name, secret) === undefined)
      .map(([name, { secret }]) => missingSecret(tenant, ["pullSecrets", name, "secret"], secret, stack)),
  );
};
