import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import { having, type ParsedTenant } from "../declared-tenant.js";

/** Tokens of robots that are not enabled. */
export function robotProblems(tenants: readonly ParsedTenant[]): Problem[] {
  const place = ["robot", "token"];
  return having(tenants, "robot")
    .filter(({ spec: { robot } }) => robot.token && !robot.enabled)
    .map((tenant) => ({
      ...locationOf(definingFile(tenant, place), place),
      message: "is true while robot.enabled is false, so that there is no account for the token",
      fix: "Write enabled: true beside it, or remove it",
    }));
}
