import { having, problemAt, type TenantCheck } from "../declared-tenant.js";

/** Tokens of robots that are not enabled. */
export const robotProblems: TenantCheck = (tenants) =>
  having(tenants, "robot")
    .filter(({ spec: { robot } }) => robot.token && !robot.enabled)
    .map((tenant) => {
      const message = "is true while robot.enabled is false, so that there is no account for the token";
      return problemAt(tenant, ["robot", "token"], message, "Write enabled: true beside it, or remove it");
    });
