import { isMap } from "yaml";
import { OWN_PREFIX } from "../../config/stack/stack-file.js";
import { keysOf, parseText, printLike, removeWithEmptyParents } from "../new-stack/yaml-text.js";

/** Settings by tenant. The loader refuses those of a tenant that the stack does not run. */
const settingsByTenant = ["secrets", "gitTokens"];

/** Settings of a stack without those of a tenant. */
interface RemainingSettings {
  /** Text of Pulumi.STACK.yaml. The same where nothing is removed. */
  readonly text: string;
  /** Places of the removed settings, as `fleet:secrets.team-a`. */
  readonly removed: readonly string[];
}

/** Removes the settings of a tenant. @param text of Pulumi.STACK.yaml, read without problems by the loader */
export function settingsWithout(text: string, tenant: string): RemainingSettings {
  const document = parseText(text);
  const config = document.get("config", true);
  if (!isMap(config)) return { text, removed: [] };
  const places = keysOf(config).flatMap((key) => {
    const name = key.startsWith(OWN_PREFIX) ? key.slice(OWN_PREFIX.length) : key;
    const byTenant = config.get(key, true);
    const isOwn = settingsByTenant.includes(name) && isMap(byTenant) && byTenant.has(tenant);
    return isOwn ? [{ place: ["config", key, tenant], removed: `${OWN_PREFIX}${name}.${tenant}` }] : [];
  });
  if (places.length === 0) return { text, removed: [] };
  for (const { place } of places) removeWithEmptyParents(document, place);
  return { text: printLike(text, document), removed: places.map(({ removed }) => removed) };
}
