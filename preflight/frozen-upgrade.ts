import type { FleetSpec } from "../config/fleet-spec.js";

/**
 * The sentence about an update of Flux while syncs are frozen. The artifacts of source-controller are in a volume of its pod,
 * and it fetches nothing for a suspended source, so the new pod has nothing for these syncs.
 * @param former versions of Flux in the state @default - Flux is not installed
 * @see https://github.com/fluxcd/source-controller/blob/main/internal/controller/gitrepository_controller.go
 */
export function describeFrozenUpgrade(
  { flux: { version }, tenants }: Pick<FleetSpec, "flux" | "tenants">,
  former: readonly string[],
): string[] {
  const others = former.filter((one) => one !== version);
  const frozen = tenants.flatMap(({ name: tenant, syncs }) =>
    syncs.flatMap(({ name, freeze }) => (freeze === undefined ? [] : [`${tenant}/${name}`])),
  );
  if (others.length === 0 || frozen.length === 0) return [];
  return [
    `This update replaces Flux ${others.join(" and ")} by ${version} while files freeze the syncs ${frozen.join(", ")}. The new pod of source-controller has not what the old one fetched, and fetches nothing for them: they will not be Ready, and changes by hand will stay. End the freezes first, or pin the running commits by ref.commit.`,
  ];
}
