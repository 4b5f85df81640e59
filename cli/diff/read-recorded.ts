import { lstatSync, readFileSync } from "node:fs";
import { z } from "zod";
import { stackName } from "../../config/rules/names.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { RECORD_FORMAT, type RecordedRevision } from "./recorded-revision.js";

/** Bytes of a result that are read. Three stacks with thirty tenants have some 10 MB. */
const mostBytes = 256 * 1024 * 1024;

/** Levels of nesting of a resource's inputs. The schemas of Flux's definitions have some 40. */
const mostLevels = 200;

const name = z.string().max(1000);
const names = z.array(name).max(100_000);
const stack = z
  .string()
  .max(253)
  .refine((text) => stackName.check(text) === undefined, "is no name of a stack");
const stacks = z.array(stack).max(1000);

const resource = z.object({
  name,
  type: name,
  parent: name,
  tenant: name.exactOptional(),
  dependsOn: names,
  provider: name.exactOptional(),
  import: name.exactOptional(),
  protect: z.boolean().exactOptional(),
  retainOnDelete: z.boolean().exactOptional(),
  deletedWith: name.exactOptional(),
  ignoreChanges: names.exactOptional(),
  replaceOnChanges: names.exactOptional(),
  additionalSecretOutputs: names.exactOptional(),
  timeouts: z.record(name, name).exactOptional(),
  inputs: z.record(z.string(), z.unknown()).refine(isShallow, "nests too deep"),
});

const plan = z.object({
  stack,
  promotesFrom: stack.exactOptional(),
  resources: z.array(resource).max(1_000_000),
  flux: z.object({ version: name, controllerRights: z.enum(["impersonate", "cluster-admin"]) }),
  tenants: names,
  existingTeams: z.record(name, name),
});

const recorded = z.union([
  z.object({ stack, plan }).refine((one) => one.stack === one.plan.stack, "is the plan of another stack"),
  z.object({ stack, problems: z.array(z.string().max(100_000)).min(1).max(100_000) }),
]);

const revision = z.object({
  format: z.literal(RECORD_FORMAT),
  stacks,
  recorded: z
    .array(recorded)
    .max(1000)
    .refine((all) => new Set(all.map((one) => one.stack)).size === all.length, "has a stack twice"),
});

/**
 * Reads the result of a recorder. The recorder runs the program of a revision, which may be anyone's, so the file may be of
 * any size and content.
 * @throws FleetError for a file that is no result
 */
export function readRecorded(file: string): RecordedRevision {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw refusal("wrote no result");
  if (found.size > mostBytes) throw refusal(`wrote ${found.size} bytes, and at most ${mostBytes} are read`);
  const data = parsed(readFileSync(file, "utf8"));
  const { format } = z.object({ format: z.number() }).catch({ format: RECORD_FORMAT }).parse(data);
  if (format !== RECORD_FORMAT) {
    throw refusal(`records in the form ${format}, and this command reads ${RECORD_FORMAT}`);
  }
  const result = revision.safeParse(data);
  if (result.success) return result.data;
  // The messages of zod repeat no value. Keys of the place are the recorder's.
  const place = (result.error.issues[0]?.path ?? []).map((step) => String(step).slice(0, 100)).join(".");
  const shown = place === "" ? "its start" : JSON.stringify(place.slice(0, 200));
  throw refusal(`wrote something else than a record, at ${shown}`);
}

function refusal(message: string) {
  const fix = "Read the changes of the program: its code decides what its recorder writes";
  return fleetError("recorder", "", message, fix);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The caller reports it as something else than a record.
    return undefined;
  }
}

/** Whether a value nests so little that it can be compared by recursion. */
function isShallow(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > mostLevels) return false;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return true;
}
