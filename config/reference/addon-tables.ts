import type { AddonKind, KnownAddon } from "../addons/addon.js";
import { KNOWN_ADDONS } from "../addons/known-addons.js";
import { fieldOf, formOf } from "../addons/rule-words.js";

/** The table of the add-ons that come with the project. */
export function addonTable(): string {
  const rows = [...KNOWN_ADDONS.values()].map(({ name, purpose, kinds, sharedKinds }) => {
    const created = kinds.filter(({ access }) => access === "write").map(amountOf);
    const read = kinds.filter(({ access }) => access === "read").map(({ kind }) => kind);
    const parts = [...created, ...(read.length > 0 ? [`read only: ${read.join(", ")}`] : [])];
    return `| \`${name}\` | ${purpose} | ${parts.join("; ")} | ${sharedOf(sharedKinds)} |\n`;
  });
  return `| Add-on | Use | Kinds, with the most of each in a namespace | \`shared\` |\n|---|---|---|---|\n${rows.join("")}`;
}

function amountOf({ kind, most }: AddonKind): string {
  return `${kind} (${most ?? "`limits.objects`"})`;
}

function sharedOf(kinds: KnownAddon["sharedKinds"]): string {
  if (kinds.length === 0) return "none";
  return kinds.map(({ kind, namespaced }) => `\`${kind}/${namespaced ? "NAMESPACE/" : ""}NAME\``).join(", ");
}

/** The table of the rules on the fields of the kinds of these add-ons. */
export function ruleTable(): string {
  const rows = [...KNOWN_ADDONS.values()].flatMap(({ kinds }) =>
    kinds.flatMap(({ kind, rules }) =>
      rules.map((rule) => `| ${kind} | ${fieldOf(rule)} | ${formOf(rule, { shared: [] })} |\n`),
    ),
  );
  return `| Kind | Field | Rule |\n|---|---|---|\n${rows.join("")}`;
}
