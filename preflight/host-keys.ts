import { clonesBySsh, type FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { fleetError } from "../lib/diagnostics/problem.js";
import { gitHubServer } from "../lib/github/base-url.js";
import { listHostKeys } from "./github.js";

/**
 * The SSH host keys that the API of a GitHub Enterprise Server lists, read with one request if the stack has no
 * `fleet:sshHostKeys`. A real one lists none, and without keys Flux could verify no server.
 * @see https://docs.github.com/en/enterprise-server@3.19/rest/meta/meta#get-github-enterprise-server-meta-information
 * @returns undefined when the stack has keys or clones nothing by SSH, or GitHub's cloud lists them for the provider, or refuses the token
 * @throws FleetError when the keys are in neither place, or GitHub does not answer
 */
export async function findHostKeys(spec: FleetSpec, environment: Environment): Promise<readonly string[] | undefined> {
  const { stack, github } = spec;
  const { enterpriseServer } = gitHubServer(environment.GITHUB_BASE_URL || undefined);
  if (!enterpriseServer || github.sshHostKeys !== undefined || !clonesBySsh(spec)) return undefined;
  const keys = await listHostKeys(environment);
  // Without an answer, the other checks report the reason.
  if (keys === undefined || keys.length > 0) return keys;
  const message = "is not set, and this GitHub Enterprise Server lists no SSH host keys, so Flux could not verify it";
  const fix = `Set it to the keys that ssh-keyscan ${github.host.replace(/:\d+$/, "")} prints and its administrator confirms`;
  throw fleetError(`Pulumi.${stack}.yaml`, "fleet:sshHostKeys", message, fix);
}
