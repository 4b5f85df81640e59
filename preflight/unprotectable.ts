import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { placedParts } from "../config/tenant/parts.js";
import { templateRepository, usedScaffolds } from "../config/tenant/repositories/scaffolds.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import type { Organisation } from "./github.js";

/**
 * The repositories whose branches GitHub would refuse to protect in the middle of the update: those of the free plan that
 * are not public. Unknown plans pass, and GitHub's refusal then names the repository.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets
 */
export function findUnprotectable(
  { stack, github, platform, tenants, tenantsElsewhere }: FleetSpec,
  { plan }: Organisation,
  locate: Locate,
): Problem[] {
  if (!github.ownsRepositories || plan !== "free") return [];
  const message = (names: string) =>
    `GitHub's free plan, which ${github.owner} has, protects public repositories only, and would refuse the rules of ${names}`;
  const { name, visibility, protection } = platform.repository;
  // A template that exists already is protected already.
  const templates = usedScaffolds({ tenants, tenantsElsewhere }, new Map()).map(templateRepository);
  const own = visibility === "public" ? templates : [name, ...templates];
  const place = { file: `Pulumi.${stack}.yaml`, path: "fleet:platformRepository.protection" };
  const withReason = "Choose another plan on GitHub, or write enabled: false with a reason here";
  return [
    ...(protection.enabled ? [{ ...place, message: message(own.join(" and ")), fix: withReason }] : []),
    ...[...tenants, ...tenantsElsewhere].flatMap((tenant) =>
      placedParts("repository", tenant.repositories)
        .filter((one) => !one.existing && one.protection.enabled && one.visibility !== "public")
        .map((one) => {
          const location = locate(tenant.name, [...one.place, "protection"]);
          const fix = "Choose another plan on GitHub, or write protection: {enabled: false}";
          return { ...location, message: message(one.name), fix };
        }),
    ),
  ];
}
