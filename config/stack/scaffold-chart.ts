import { z } from "zod";
import type { DeepReadonly } from "../../lib/data/freeze.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { GITHUB_REGISTRY } from "../../lib/github/container-registry.js";
import { chartUrl } from "../rules/chart-url.js";
import { numberField, textField } from "../rules/field.js";
import { isPredecessor, predecessorOf } from "./promotion-chain.js";

/** The chart that repositories with the scaffold `helm` start with. Its default values must pass the admission policies. */
export const scaffoldChartConfig = z
  .strictObject({
    url: textField(chartUrl(["oci"], "oci://ghcr.io/acme/charts/app"), {
      description:
        "Chart of the HelmRelease in new repositories with scaffold: helm, read on the stack in repositoryOwner. Default: none, and each team names its own.",
      examples: ["oci://ghcr.io/acme/charts/app"],
    }).exactOptional(),
    major: numberField(
      0,
      9999,
      "it is the first number of versions",
      "Major version that these releases stay in.",
    ).default(1),
  })
  .prefault({});

type ScaffoldChart = DeepReadonly<z.output<typeof scaffoldChartConfig>>;

/**
 * The problem of a chart that the first sync of a tenant could not fetch, because the tenant's own sources may not be at its
 * host or, at GitHub, of its owner.
 * @param args.host of the repositories, where sources may be anyway
 * @param args.owner organisation of the repositories. Undefined or empty: it is not known here
 */
export function scaffoldChartProblems(args: {
  readonly stack: string;
  readonly chart: ScaffoldChart | undefined;
  readonly sourceHosts: readonly string[] | undefined;
  readonly host: string;
  readonly sourceOwners: readonly string[] | undefined;
  readonly owner: string | undefined;
}): Problem[] {
  const { stack, chart, sourceHosts, host, sourceOwners, owner } = args;
  if (chart?.url === undefined) return [];
  const [, , chartHost = "", chartOwner = ""] = chart.url.toLowerCase().split("/");
  const refused = (place: string, setting: string, named: string): Problem => ({
    file: `Pulumi.${stack}.yaml`,
    path: "fleet:scaffoldChart.url",
    message: `is ${place}, where tenants' sources may not fetch from, so a first sync could not be Ready`,
    fix: `Add ${named} to fleet:${setting} of every stack, or name a chart that it allows`,
  });
  if (sourceHosts !== undefined && !includes([host, ...sourceHosts], chartHost)) {
    return [refused(`at ${chartHost}`, "allowedSourceHosts", chartHost)];
  }
  if (!includes([host, GITHUB_REGISTRY], chartHost) || sourceOwners === undefined || !owner) return [];
  if (includes([owner, ...sourceOwners], chartOwner)) return [];
  return [refused(`of the owner ${chartOwner}`, "allowedSourceOwners", chartOwner)];
}

/** Whether a text in lower case is in a list: hosts and owners are compared without regard to case, as admission does. */
function includes(list: readonly string[], text: string): boolean {
  return list.some((one) => one.toLowerCase() === text);
}

/** The stacks that a change reaches first and that others promote from: the only ones that take pre-releases. */
export function preReleaseStacks(root: string, stacks: readonly string[]): readonly string[] {
  const predecessors = new Map(
    stacks.map((stack) => {
      const named = predecessorOf(root, stack);
      return [stack, isPredecessor(named, { stack, stacks }) ? named : undefined] as const;
    }),
  );
  const named = new Set(predecessors.values());
  return stacks.filter((stack) => predecessors.get(stack) === undefined && named.has(stack));
}
