import { load } from "./checkout-tree.js";

/** The base file of the tenant team-a. */
export const base = "stacks/base/tenants/team-a.yaml";
/** The tenant's overlay on staging. */
export const overlay = "stacks/staging/tenants/team-a.yaml";
/** The defaults of staging. */
export const defaults = "stacks/staging/defaults.yaml";
/** The group web. */
export const group = "stacks/groups/web.yaml";

/** The tenant names the group. */
export const inGroup = { [base]: "name: team-a\ngroup: web\n" };
/** A second tenant, on staging too. */
export const teamB = { "stacks/base/tenants/team-b.yaml": "name: team-b\n", "stacks/staging/tenants/team-b.yaml": "" };

/** The first sync of team-a. */
export const syncOf = (files: Readonly<Record<string, string | undefined>>, stack = "staging") =>
  load({ files, stack }).tenants[0]?.syncs[0];
