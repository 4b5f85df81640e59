import type { FleetSpec } from "../../config/fleet-spec.js";
import type { NeededRight } from "../../operate/doctor/judge-github.js";
import { type NeededPermission, neededPermissions } from "../../preflight/needed-permissions.js";

/** A right, and the request that shows whether the token has it. */
export interface RightProbe extends NeededRight {
  /**
   * Path of a GET request that needs the permission for reading. `{platform}` stands for the platform's repository.
   * @default - no request needs it
   */
  readonly path?: string;
}

/** The scopes of classic tokens, and the requests. No request for reading needs the permission to write workflows. */
const probes: Readonly<Record<NeededPermission["key"], Pick<RightProbe, "scopes" | "path">>> = {
  administration: { scopes: ["repo"], path: "/repos/{owner}/{platform}/keys" },
  contents: { scopes: ["repo"], path: "/repos/{owner}/{platform}/contents" },
  members: { scopes: ["admin:org"], path: "/orgs/{owner}/teams" },
  repository_hooks: { scopes: ["admin:repo_hook", "repo"], path: "/repos/{owner}/{platform}/hooks" },
  workflows: { scopes: ["workflow"] },
};

/** The rights that an update of a stack needs of its token. @param spec undefined while the files have problems */
export function neededRights(spec: FleetSpec | undefined): readonly RightProbe[] {
  return neededPermissions(spec).map(({ key, title: permission, purpose }) => ({
    ...probes[key],
    permission,
    purpose,
  }));
}
