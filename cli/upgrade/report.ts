import { renderEntry } from "../../flux/lock/lock-version.js";
import type { StackUpgrade, Upgrade } from "./plan-upgrade.js";

/** The result of an upgrade for people: what was written, and the steps that remain. */
export function upgradeReport(upgrade: Upgrade, files: readonly string[], stacks: readonly string[]): string {
  const { version, entry, wasLocked, upgrades } = upgrade;
  const written = files.length === 0 ? [] : ["Written:", ...files.map((file) => `  ${file}`), ""];
  const changed = upgrades.map(({ stack }) => stack);
  const later = stacks.filter((stack) => !changed.includes(stack));
  return [
    ...(wasLocked ? [] : [renderEntry(version, entry)]),
    ...written,
    ...upgrades.flatMap(migrationSteps),
    "Next steps:",
    `  Review the digests like code: git diff flux.lock.json; npx fleet lock --verify ${version}`,
    `  Review the change: npx fleet diff ${changed.join(" ")}`.trimEnd(),
    ...(changed.length === 0
      ? []
      : [
          `  After the merge, pulumi up on ${changed.join(", ")}: CRDs, then rights, then one controller after the other`,
        ]),
    ...(later.length === 0
      ? []
      : [`  ${later.join(", ")}: npx fleet promote FROM TO --flux, once the predecessor has run it`]),
    "",
  ].join("\n");
}

/** The steps before the update of a stack whose Flux drops versions that the cluster may still store. */
function migrationSteps({ stack, from, changes: { dropped } }: StackUpgrade): string[] {
  if (dropped.length === 0) return [];
  const lines = dropped.map(({ name, versions }) => `  ${name}: ${versions.join(", ")}`);
  return [
    `Versions that the cluster of ${stack} may still store, and that Flux will not know:`,
    ...lines,
    `  Before its update, run flux migrate of ${from}. pulumi up refuses as long as status.storedVersions lists one of them.`,
    "",
  ];
}
