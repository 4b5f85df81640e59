import { definingFile } from "../../files/location.js";
import { covers } from "../../rules/host-name.js";
import { having, problemAt, type TenantCheck } from "../declared-tenant.js";

/**
 * Hosts that two tenants of a stack would serve, be it that one has named a wildcard that stands for the other's; and
 * the host at which GitHub tells the platform of pushes. The controller would choose who gets the requests.
 */
export const hostClashes: TenantCheck = (tenants, { settings, stack }) => {
  // The owner is to be read after "is"; the platform's hosts have no tenant.
  const taken: { readonly host: string; readonly owner: string; readonly tenant?: string }[] = [];
  const { webhookUrl } = settings.sound;
  if (webhookUrl !== undefined) {
    const owner = `the platform's, where GitHub tells it of pushes (fleet:webhookUrl of Pulumi.${stack}.yaml)`;
    taken.push({ host: new URL(webhookUrl).hostname, owner });
  }
  return having(tenants, "hosts").flatMap((tenant) => {
    const { file } = definingFile(tenant, ["hosts"]);
    return tenant.spec.hosts.flatMap((host, index) => {
      const other = taken.find(
        (one) => one.tenant !== tenant.name && (covers(one.host, host) || covers(host, one.host)),
      );
      taken.push({ host, owner: `${tenant.name}'s already (${file})`, tenant: tenant.name });
      if (other === undefined) return [];
      const message = `${JSON.stringify(host)} ${relation(host, other.host)} ${other.owner}`;
      return [problemAt(tenant, ["hosts", index], message, "Give each host to one tenant only")];
    });
  });
};

function relation(host: string, other: string): string {
  if (host === other) return "is";
  return covers(other, host) ? `is below ${other}, which is` : `stands for ${other} too, which is`;
}
