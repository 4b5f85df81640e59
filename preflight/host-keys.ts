import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { fleetError } from "../lib/diagnostics/problem.js";
import { gitHubServer } from "../lib/github/base-url.js";
import { listHostKeys } from "./github.js";

/**
 * Checks that the SSH host keys of GitHub are known, with one request to a GitHub Enterprise Server for which the stack
 * has no `fleet:sshHostKeys`. Such a server's API lists no keys, and without keys Flux could verify no server.
 * @see https://docs.github.com/en/enterprise-server@3.19/rest/meta/meta#get-github-enterprise-server-meta-information
 * @throws FleetError when the keys are in neither place, or GitHub does not answer
 */
export async function requireHostKeys({ stack, github }: FleetSpec, environment: Environment): Promise<void> {
  const { enterpriseServer } = gitHubServer(environment.GITHUB_BASE_URL || undefined);
  if (!enterpriseServer || github.sshHostKeys !== undefined) return;
  const keys = await listHostKeys(environment);
  // Without an answer, the other checks report the reason.
  if (keys === undefined || keys.length > 0) return;
  const message = "is not set, and this GitHub Enterprise Server lists no SSH host keys, so Flux could not verify it";
  const fix = `Set it to the keys that ssh-keyscan ${github.host.replace(/:\d+$/, "")} prints and its administrator confirms`;
  throw fleetError(`Pulumi.${stack}.yaml`, "fleet:sshHostKeys", message, fix);
}
