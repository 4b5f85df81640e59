import { definedOnly } from "../../lib/data/defined-only.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { fluxNamespace, type RetrofitFacts } from "../../operate/retrofit/facts.js";
import {
  type InstalledKind,
  installationLabels,
  installedType,
  installedTypes,
  unauditedKinds,
} from "../../operate/retrofit/installation.js";
import type { Sender } from "../cluster/api-client.js";
import { readList } from "../cluster/read-list.js";

const label = Object.entries(installationLabels)
  .map((pair) => pair.join("="))
  .join(",");

/** Reads the names and labels of the objects of Flux's installation that an audit does not read: one list for each kind. */
export async function readInstallation(
  client: Sender,
  facts: Pick<RetrofitFacts, "controllers">,
): Promise<{ readonly unaudited: RetrofitFacts["unaudited"]; readonly problems: readonly string[] }> {
  const unaudited: Partial<Record<InstalledKind, readonly LiveObject[]>> = {};
  const problems: string[] = [];
  const read = unauditedKinds.map(async (kind) => {
    const namespace = installedTypes[kind].isNamespaced ? fluxNamespace(facts) : undefined;
    const list = { ...installedType(kind), label, metadataOnly: true, ...definedOnly({ namespace }) };
    const found = await readList(client, list);
    if ("problem" in found) problems.push(found.problem);
    else unaudited[kind] = found.items;
  });
  await Promise.all(read);
  return { unaudited, problems };
}
