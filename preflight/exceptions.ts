import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { describeException, exceptionProblems, syncExceptions } from "../config/tenant/syncs/exceptions.js";
import { FleetError, problemLine } from "../lib/diagnostics/problem.js";
import { dayOf } from "../lib/time/calendar-day.js";

/** The sources of the check of exceptions. */
export interface ExceptionArgs {
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Whether the run is a preview, which refuses nothing. */
  readonly isPreview: boolean;
  /** Returns the place of a tenant's setting, for problems. */
  readonly locate: Locate;
  /** Tenant that the update is limited to. @default - the whole stack is updated */
  readonly only?: string | undefined;
}

/**
 * The exceptions of syncs, as sentences for the user.
 * @throws FleetError with each exception that has ended or ends too late, unless the run is a preview
 */
export async function checkExceptions(
  { tenants }: Pick<FleetSpec, "tenants">,
  { now, isPreview, locate, only }: ExceptionArgs,
): Promise<readonly string[]> {
  const updated = only === undefined ? tenants : tenants.filter(({ name }) => name === only);
  const exceptions = syncExceptions(updated);
  const problems = exceptionProblems(exceptions, dayOf(now()), locate);
  if (problems.length > 0 && !isPreview) throw new FleetError(problems);
  return [
    ...problems.map((problem) => `pulumi up would be refused: ${problemLine(problem)}`),
    ...exceptions.map(describeException),
  ];
}
