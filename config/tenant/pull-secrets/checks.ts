import { having, problemAt, type TenantCheck } from "../declared-tenant.js";
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

/**
 * The most common Secrets and pull Secrets of a namespace together. They share the part of the quota that is kept for the
 * platform (`QUOTA_RESERVE`) with keys, and with Secrets of notifications and webhooks.
 */
const MOST_SECRETS = 15;

/** Namespaces with more Secrets of the platform than their quota has room for: it would refuse the last ones. */
export const secretCountProblems: TenantCheck = (tenants, { settings }) => {
  const { commonSecrets, pullSecrets } = settings.sound;
  if (commonSecrets === undefined || pullSecrets === undefined) return [];
  return having(tenants, "pullSecrets").flatMap((tenant) => {
    const pulling = Object.keys({ ...pullSecrets, ...tenant.spec.pullSecrets }).length;
    const common = Object.keys(commonSecrets).length;
    if (pulling + common <= MOST_SECRETS) return [];
    const message = `each namespace would have ${common} common Secrets and ${pulling} pull Secrets, and the quotas keep room for ${MOST_SECRETS} of the platform's`;
    return [problemAt(tenant, ["pullSecrets"], message, "Remove some here, or from the settings of the stack")];
  });
};
