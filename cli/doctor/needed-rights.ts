import type { FleetSpec } from "../../config/fleet-spec.js";
import type { NeededRight } from "../../operate/doctor/judge-github.js";
import { type NeededPermission, neededPermissions } from "../../preflight/needed-permissions.js";

/** A right, and the request that shows whether the token has it. */
export interface RightProbe extends NeededRight {
  /** Path of a GET request that needs the permission for reading. `{platform}` stands for the platform's repository. */
  readonly path: string;
}

/** The scopes of classic tokens, and the requests. No request for reading needs the permission to write workflows. */
const probes: Partial<Record<NeededPermission["key"], Pick<RightProbe, "scopes" | "path">>> = {
  administration: { scopes: ["repo"], path: "/repos/{owner}/{platform}/keys" },
  contents: { scopes: ["repo"], path: "/repos/{owner}/{platform}/contents" },
  members: { scopes: ["admin:org"], path: "/orgs/{owner}/teams" },
  repository_hooks: { scopes: ["admin:repo_hook", "repo"], path: "/repos/{owner}/{platform}/hooks" },
};

/** The rights that an update of a stack needs of its token. */
export function neededRights(spec: FleetSpec): readonly RightProbe[] {
  return neededPermissions(spec).flatMap(({ key, title: permission, purpose }) => {
    const probe = probes[key];
    return probe === undefined ? [] : [{ ...probe, permission, purpose }];
  });
}
