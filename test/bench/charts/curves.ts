import { z } from "zod";
import { median } from "../median.js";
import { jobTitles } from "../peer/report.js";
import { compare, jobs } from "../peer/samples.js";

const seconds = z.array(z.number()).readonly().exactOptional();
const byJob = z.object({ up: seconds, preview: seconds, change: seconds, destroy: seconds }).readonly();

/** The part of a result's file (`npm run bench -- --json FILE`) that the pictures show. */
const measured = z.object({
  peer: z.object({
    sizes: z
      .array(
        z.object({
          tenants: z.number(),
          seconds: z.object({ fleet: byJob, peer: byJob, floor: byJob }),
          withoutCheckpoints: byJob.optional(),
        }),
      )
      .min(1),
  }),
});

/** The names of the curves, in the order of the legend. */
const series = ["fleet", "fleet without checkpoints", "OpenTofu", "floor"] as const;

/** Curves of one job, by name. */
export interface Panel {
  readonly title: string;
  readonly curves: Readonly<Partial<Record<string, readonly (readonly [tenants: number, seconds: number])[]>>>;
}

/** Everything that a picture shows. */
export interface Curves {
  readonly series: readonly string[];
  readonly panels: readonly Panel[];
}

/**
 * The curves of a result: the median of each job by the number of tenants.
 * @param text content of the file
 * @throws when it is no result of a run with `--peer`
 */
export function curvesOf(text: string): Curves {
  const { sizes } = measured.parse(JSON.parse(text)).peer;
  const sorted = sizes.toSorted((a, b) => a.tenants - b.tenants);
  const compared = sorted.map((size) => ({ tenants: size.tenants, comparisons: compare(size) }));
  const panels = jobs.map((job) => {
    const points = compared.flatMap(({ tenants, comparisons }) =>
      comparisons.filter((one) => one.job === job).map((one) => ({ tenants, ...one })),
    );
    const floor = points.flatMap((point) => (point.floor === undefined ? [] : [[point.tenants, point.floor] as const]));
    const unchecked = sorted.flatMap(({ tenants, withoutCheckpoints = {} }) => {
      const samples = withoutCheckpoints[job];
      return samples === undefined ? [] : [[tenants, median(samples)] as const];
    });
    const curves = {
      fleet: points.map((point) => [point.tenants, point.fleet] as const),
      ...(unchecked.length === 0 ? {} : { "fleet without checkpoints": unchecked }),
      OpenTofu: points.map((point) => [point.tenants, point.peer] as const),
      ...(floor.length === 0 ? {} : { floor }),
    };
    return { title: `${jobTitles[job]} (median, s, logarithmic)`, curves };
  });
  return { series, panels };
}
