import { z } from "zod";
import type { DeepReadonly } from "../../lib/data/freeze.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
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
 * host.
 * @param host of the repositories, where sources may be anyway
 */
export function scaffoldChartProblems(args: {
  readonly stack: string;
  readonly chart: ScaffoldChart | undefined;
  readonly sourceHosts: readonly string[] | undefined;
  readonly host: string;
}): Problem[] {
  const { stack, chart, sourceHosts, host } = args;
  if (chart?.url === undefined || sourceHosts === undefined) return [];
  const [, , own = ""] = chart.url.split("/");
  if ([host, ...sourceHosts].includes(own)) return [];
  const message = `is at ${own}, where tenants' sources may not fetch from, so a first sync could not be Ready`;
  const fix = `Add ${own} to fleet:allowedSourceHosts of every stack, or name a chart at a host that is listed there`;
  return [{ file: `Pulumi.${stack}.yaml`, path: "fleet:scaffoldChart.url", message, fix }];
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
