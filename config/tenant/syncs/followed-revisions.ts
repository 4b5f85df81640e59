import type { Problem } from "../../../lib/diagnostics/problem.js";
import { locationOf, valueAt } from "../../files/location.js";
import { isPredecessor } from "../../stack/promotion-chain.js";
import { having, type TenantCheck } from "../declared-tenant.js";
import { placedParts } from "../parts.js";
import { dataOfStack } from "../stack-data.js";

/**
 * The syncs of a stack with a predecessor that do not say which revision they follow. A commit or a tag may stand in the
 * base file, because promotion compares that file. A branch or a range moves by itself, so the overlay or the defaults of this
 * stack must say it: one in the base file may be meant for the predecessor.
 */
export const followedRevisionProblems: TenantCheck = (tenants, { files, stack, settings, allowUnpinned = false }) => {
  const { promotesFrom } = settings.sound;
  if (!isPredecessor(promotesFrom, { stack, stacks: files.stacks }) || allowUnpinned) return [];
  return having(tenants, "repository", "repositories", "sync", "syncs").flatMap((tenant) => {
    const { base, overlay = base } = tenant;
    const ofStack = dataOfStack(tenant);
    return placedParts("sync", tenant.spec.syncs).flatMap(({ ref, repository, place }): Problem[] => {
      const refPlace = [...place, "ref"];
      const isPinned = ref.commit !== undefined || ref.tag !== undefined;
      const written = ["branch", "semver"].map((field) => valueAt(ofStack, [...refPlace, field]));
      const isChosen = written.some((value) => typeof value === "string");
      if (isPinned || isChosen) return [];
      const { defaultBranch } = tenant.spec.repositories.find(({ name }) => name === repository) ?? {
        defaultBranch: "",
      };
      const moving = ref.branch ?? ref.semver ?? defaultBranch;
      const message = `is not set for the stack ${stack}, so it would follow ${moving} of ${repository}, and run each push before ${promotesFrom} has run it`;
      const pin = `npx fleet promote ${promotesFrom} ${stack} --tenant ${tenant.name}`;
      const field = ref.semver === undefined ? "branch" : "semver";
      const fix = `Pin what ${promotesFrom} runs: ${pin}. Or follow it on purpose: write ${refPlace.join(".")}.${field} in the overlay`;
      return [{ ...locationOf(overlay, refPlace), message, fix }];
    });
  });
};
