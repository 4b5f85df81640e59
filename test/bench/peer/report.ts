import { median } from "../median.js";
import { newTable, seconds } from "../table.js";
import {
  type Comparison,
  compare,
  goals,
  isMet,
  type Job,
  jobs,
  type PeerResult,
  type PeerSize,
  writingJobs,
} from "./samples.js";

/** Names of the jobs, for people. */
export const jobTitles: Readonly<Record<Job, string>> = {
  up: "up",
  preview: "no-change preview",
  change: "one-tenant change",
  destroy: "destroy",
};

/** The comparison with a peer for people: medians and ratios, then the requests to GitHub. */
export function renderPeer({ name, rounds, sizes }: PeerResult): string {
  return [
    timeTable(name, sizes),
    `Medians of ${rounds} ${rounds === 1 ? "round" : "rounds"}. Goals: below ${goals.peerRatio.toFixed(1)}× of ${name} in each job, and an up within`,
    `${goals.floorRatio}× of its floor. The same objects and dependencies, on the same cluster and GitHub, ${name} second.`,
    "",
    unavoidableTable(name, sizes),
    "",
    ...(sizes.some(({ withoutCheckpoints }) => withoutCheckpoints) ? [checkpointTable(name, sizes), ""] : []),
    requestTable(name, sizes),
  ].join("\n");
}

/** Parts of the program's jobs that are Pulumi's own, beside the whole jobs of the peer. */
function unavoidableTable(name: string, sizes: readonly PeerSize[]): string {
  const head = ["Tenants", "Pulumi's own part", "Time", "Part of", "Share", `All of ${name}'s`];
  const table = newTable(head, [0, 2, 4, 5]);
  for (const size of sizes) {
    if (size.unavoidable === undefined) continue;
    const { emptyPreview, firstPreview } = size.unavoidable;
    const of = new Map(compare(size).map((one) => [one.job, one] as const));
    const add = (part: string, time: number, job: Job) => {
      const { fleet = Number.NaN, peer = Number.NaN } = of.get(job) ?? {};
      const share = `${Math.round((100 * time) / fleet)} %`;
      table.push([size.tenants, part, seconds(time), jobTitles[job], share, seconds(peer)]);
    };
    add("preview of an empty program", median(emptyPreview), "preview");
    add("the engine's preview before up", median(firstPreview), "up");
    // It is a preview with one change.
    add("the engine's preview before up", of.get("preview")?.fleet ?? Number.NaN, "change");
  }
  return table.toString();
}

/** The share of the checkpoints and of the engine's own preview: the same jobs without both. */
function checkpointTable(name: string, sizes: readonly PeerSize[]): string {
  const head = ["Tenants", "Job", "fleet", "without checkpoints and preview", name, `without them / ${name}`];
  const table = newTable(head, [0, 2, 3, 4, 5]);
  for (const size of sizes) {
    const { withoutCheckpoints } = size;
    if (withoutCheckpoints === undefined) continue;
    const of = new Map(compare(size).map((one) => [one.job, one] as const));
    for (const job of writingJobs) {
      const { fleet = Number.NaN, peer = Number.NaN } = of.get(job) ?? {};
      const time = median(withoutCheckpoints[job]);
      table.push([size.tenants, jobTitles[job], seconds(fleet), seconds(time), seconds(peer), ratio(time / peer)]);
    }
  }
  return table.toString();
}

function timeTable(name: string, sizes: readonly PeerSize[]): string {
  const head = ["Tenants", "Job", "fleet", name, "Floor", `fleet / ${name}`, "fleet / floor", "Goals"];
  const table = newTable(head, [0, 2, 3, 4, 5, 6]);
  for (const size of sizes) {
    for (const one of compare(size)) table.push([size.tenants, ...cells(one)]);
  }
  return table.toString();
}

function cells(comparison: Comparison): string[] {
  const { job, fleet, peer, floor, peerRatio, floorRatio } = comparison;
  return [
    jobTitles[job],
    seconds(fleet),
    seconds(peer),
    floor === undefined ? "-" : seconds(floor),
    ratio(peerRatio),
    floorRatio === undefined ? "-" : ratio(floorRatio),
    isMet(comparison) ? "met" : "not met",
  ];
}

function requestTable(name: string, sizes: readonly PeerSize[]): string {
  const table = newTable(["Tenants", "GitHub requests of", "fleet", name], [0, 2, 3]);
  for (const { tenants, requests } of sizes) {
    for (const job of jobs) table.push([tenants, jobTitles[job], requests.fleet[job], requests.peer[job]]);
  }
  return table.toString();
}

function ratio(value: number): string {
  return `${value.toFixed(value < 1 ? 2 : 1)}×`;
}
