import type { Problem } from "../../../lib/diagnostics/problem.js";
import { definingFile, locationOf } from "../../files/location.js";
import { covers } from "../../rules/host-name.js";
import { having, type ParsedTenant } from "../declared-tenant.js";
import type { TenantsArgs } from "../read-tenants.js";

interface Taken {
  readonly host: string;
  /** Whose it is, to be read after "is". */
  readonly owner: string;
  /** Undefined when it is the platform's. */
  readonly tenant: string | undefined;
}

/**
 * Hosts that two tenants of a stack would serve, be it that one has named a wildcard that stands for the other's; and
 * the host at which GitHub tells the platform of pushes. The controller would choose who gets the requests.
 */
export function hostClashes(tenants: readonly ParsedTenant[], { settings, stack }: TenantsArgs): Problem[] {
  const taken: Taken[] = [];
  const { webhookUrl } = settings.sound;
  if (webhookUrl !== undefined) {
    const owner = `the platform's, where GitHub tells it of pushes (fleet:webhookUrl of Pulumi.${stack}.yaml)`;
    taken.push({ host: new URL(webhookUrl).hostname, owner, tenant: undefined });
  }
  return having(tenants, "hosts").flatMap((tenant) => {
    const file = definingFile(tenant, ["hosts"]);
    return tenant.spec.hosts.flatMap((host, index) => {
      const other = taken.find(
        (one) => one.tenant !== tenant.name && (covers(one.host, host) || covers(host, one.host)),
      );
      taken.push({ host, owner: `${tenant.name}'s already (${file.file})`, tenant: tenant.name });
      if (other === undefined) return [];
      const problem = {
        message: `${JSON.stringify(host)} ${relation(host, other.host)} ${other.owner}`,
        fix: "Give each host to one tenant only",
      };
      return [{ ...locationOf(file, ["hosts", index]), ...problem }];
    });
  });
}

function relation(host: string, other: string): string {
  if (host === other) return "is";
  return covers(other, host) ? `is below ${other}, which is` : `stands for ${other} too, which is`;
}
