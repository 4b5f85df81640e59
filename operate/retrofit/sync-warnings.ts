import { PLATFORM_RECONCILER } from "../../config/names.js";
import { fluxNamespace, type RetrofitFacts } from "./facts.js";
import { sourceText } from "./misplaced-syncs.js";
import type { RetrofitWarning } from "./step.js";
import { type RetrofittedSync, syncText } from "./sync-accounts.js";
import { placesOfSync } from "./tenant-sources.js";

/**
 * A warning for each sync of Flux's namespace, also where the retrofit changes nothing about it. No object of the cluster says who
 * writes to a repository, and a name such as that of the root sync or of an account proves nothing, so a person must look.
 */
export function syncWarnings(facts: RetrofitFacts, syncs: readonly RetrofittedSync[]): RetrofitWarning[] {
  return syncs.flatMap(({ sync, account, obstacles }) => {
    if (sync.namespace !== fluxNamespace(facts) || account === undefined || obstacles.length > 0) return [];
    const rights =
      account === PLATFORM_RECONCILER
        ? "applies with all rights"
        : `applies as ${account}, whose rights no step of the retrofit limits`;
    const places = placesOfSync(sync, facts);
    const where = places.length === 0 ? "of an unknown URL" : `(${places.join(", ")})`;
    const message = `${rights}: only owners of the platform may write to ${sourceText(sync)} ${where}`;
    return [{ object: syncText(sync), message }];
  });
}
