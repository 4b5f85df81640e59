import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed } from "../../files/declared-tenant.js";
import { covers } from "../../rules/host-name.js";

interface HostClashArgs {
  readonly members: readonly Member[];
  readonly stack: string;
  /** Host of the stack's address for webhooks; undefined when there is none. */
  readonly webhookHost: string | undefined;
}

interface Taken {
  readonly host: string;
  /** Whose it is, to be read after "is". */
  readonly owner: string;
  /** Undefined when it is the platform's. */
  readonly tenant: string | undefined;
}

/**
 * Hosts that two tenants of a stack would serve, be it that one has named a wildcard that stands for the other's; and
 * the host at which the platform itself is told of pushes. Who gets the requests would be a controller's to choose.
 */
export function hostClashes({ members, stack, webhookHost }: HostClashArgs): Problem[] {
  const taken: Taken[] = [];
  if (webhookHost !== undefined) {
    const owner = `the platform's, where GitHub tells it of pushes (fleet:webhookUrl of Pulumi.${stack}.yaml)`;
    taken.push({ host: webhookHost, owner, tenant: undefined });
  }
  return members.flatMap((member) => {
    const file = fileThatSays(member, ["hosts"]);
    return hostsOf(member).flatMap((host, index) => {
      const other = taken.find(
        (one) => one.tenant !== member.name && (covers(one.host, host) || covers(host, one.host)),
      );
      taken.push({ host, owner: `${member.name}'s already (${file.file})`, tenant: member.name });
      if (other === undefined) return [];
      const problem = {
        message: `${JSON.stringify(host)} ${relation(host, other.host)} ${other.owner}`,
        fix: "Give each host to one tenant only",
      };
      return [{ ...placed(file, ["hosts", index]), ...problem }];
    });
  });
}

function relation(host: string, other: string): string {
  if (host === other) return "is";
  return covers(other, host) ? `is below ${other}, which is` : `stands for ${other} too, which is`;
}

/** A list that is wrong in itself has been reported where the files are read. */
function hostsOf({ merged: { hosts } }: Member): string[] {
  return Array.isArray(hosts) ? hosts.filter((host) => typeof host === "string") : [];
}
