import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { declaringFilesEverywhere } from "../../files/declaring-files.js";
import { type DeclaringFiles, declares, locationOf } from "../../files/location.js";
import type { TenantFiles } from "../../files/tenant-files.js";
import { readYamlFile } from "../../files/yaml-file.js";
import { parseTenant } from "../parse-tenant.js";

/**
 * Image automation of a tenant that pushes to the same branch from another stack too, or to one that another stack applies. Each controller writes a branch of
 * its own anew, so that one cluster would undo the updates of the other. Only pushes to the default branch are added to
 * what is there; then the folders must differ.
 * @see https://fluxcd.io/flux/components/image/options/#feature-gates GitForcePushBranch
 */
export function automationOnOtherStacks(root: string, stack: string, files: TenantFiles): Problem[] {
  return [...files.overlays].flatMap(([name, overlay]) => {
    const everywhere = declaringFilesEverywhere(files, name);
    const own = everywhere && pushesOf(stack, { ...everywhere, overlay });
    if (everywhere === undefined || own === undefined) return [];
    const others = files.stacks.filter((other) => other !== stack);
    return others.flatMap((other) => {
      const file = `stacks/${other}/tenants/${name}.yaml`;
      if (!existsSync(join(root, file))) return [];
      const there = { ...everywhere, overlay: readYamlFile(root, file) };
      // No stack's defaults have image automation.
      const theirs = pushesOf(other, there);
      if (!own.isDefault && applies(other, there, own.branch)) {
        const message = `pushes to the branch ${JSON.stringify(own.branch)}, which ${other} applies, so updates would take effect there before anybody looked at them`;
        return [{ ...locationOf(overlay, ["imageAutomation"]), message, fix: "Name another branch" }];
      }
      if (theirs === undefined || !interfere(own, theirs)) return [];
      const message = `pushes to the branch ${JSON.stringify(own.branch)} as ${file} does, and each stack would undo the other's updates`;
      const fix = "Name another branch on one of the stacks, or remove imageAutomation there";
      return [{ ...locationOf(overlay, ["imageAutomation"]), message, fix }];
    });
  });
}

interface Pushes {
  readonly branch: string;
  readonly isDefault: boolean;
  readonly folder: string;
}

/** Where a tenant's automation on a stack pushes; undefined when it has none. */
function pushesOf(stack: string, files: DeclaringFiles): Pushes | undefined {
  if (files.overlay === undefined || !declares(files.overlay, ["imageAutomation"])) return undefined;
  const { imageAutomation, repositories } = parseTenant(stack, files).tenant.sections;
  if (imageAutomation === undefined) return undefined;
  const { branch, path } = imageAutomation;
  const folder = path.endsWith("/") ? path : `${path}/`;
  return { branch, isDefault: branch === repositories[0].defaultBranch, folder };
}

/** Whether a sync of a tenant on a stack applies a branch of its primary repository. The defaults of that stack are not read. */
function applies(stack: string, files: DeclaringFiles, branch: string): boolean {
  const { syncs = [], repositories } = parseTenant(stack, files).tenant.sections;
  const primary = repositories?.[0].name;
  return syncs.some(({ repository, ref }) => repository === primary && ref.branch === branch);
}

function interfere(one: Pushes, other: Pushes): boolean {
  if (one.branch !== other.branch) return false;
  return !one.isDefault || one.folder.startsWith(other.folder) || other.folder.startsWith(one.folder);
}
