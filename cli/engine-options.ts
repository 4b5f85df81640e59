import { JobError } from "./explain.js";

/**
 * Variables that stand for options of the engine and choose resources. Its targets are those of its arguments and of the
 * variable together, and it would delete a target that the program does not register.
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/cmd/pulumi/pulumi.go
 */
const targetVariable = /^PULUMI_OPTION_(TARGET|REPLACE|EXCLUDE)/i;

/** Refuses further targets in the environment. @throws JobError that names the variables */
export function refuseFurtherTargets(): void {
  const further = Object.keys(process.env).filter((name) => targetVariable.test(name));
  if (further.length === 0) return;
  const message = `${further.join(", ")} would change which resources the engine updates, and delete others.`;
  throw new JobError(`${message}\nWhat to do: unset it, then run the same command again.`);
}
