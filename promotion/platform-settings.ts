import { isDeepStrictEqual } from "node:util";
import { offeredAddons } from "../config/addons/offered-addons.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { platformRepositoryConfig } from "../config/stack/platform-repository/schema.js";

/** The values of `fleet:offers`, which came before `fleet:addons`. */
const formerOffers = [[], ["flagger"]] as const;

/**
 * The settings of the platform, in the form that older versions of the program have proved unless they need more. A new
 * setting that no file uses is no change of a stack. Otherwise, each new version would ask for everything that the stack
 * runs already.
 */
export function platformSettings({ repository, addons, ...settings }: FleetSpec["platform"]): object {
  const { protection, owners, ...others } = repository;
  const usual = platformRepositoryConfig.parse({});
  const isUsual = isDeepStrictEqual({ protection, owners }, { protection: usual.protection, owners: usual.owners });
  const offers = formerOffers.find((one) => isDeepStrictEqual(addons, offeredAddons({ addons: {}, offers: [...one] })));
  return {
    ...settings,
    repository: isUsual ? { ...others, protected: true } : repository,
    addons: offers ?? addons,
  };
}
