import { JobError } from "./explain.js";

/**
 * Variables that stand for options of the engine and choose resources. Its targets are those of its arguments and of the
 * variable together, and it would delete a target that the program does not register.
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/cmd/pulumi/pulumi.go
 */
const targetVariable = /^PULUMI_OPTION_(TARGET|REPLACE|EXCLUDE)/i;

/**
 * Variables for a preview. The engine serializes the whole state before and after each change of a preview, and discards it.
 * With this variable it does so once. A preview writes no state, so none is lost.
 * @param own the environment of the command. Its setting wins
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/backend/diy/backend.go apply
 */
export function previewVariables(own: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return { PULUMI_SKIP_CHECKPOINTS: own.PULUMI_SKIP_CHECKPOINTS ?? "true" };
}

/** Refuses further targets in the environment. @throws JobError that names the variables */
export function refuseFurtherTargets(): void {
  const further = Object.keys(process.env).filter((name) => targetVariable.test(name));
  if (further.length === 0) return;
  const message = `${further.join(", ")} would change which resources the engine updates, and delete others.`;
  throw new JobError(`${message}\nWhat to do: unset it, then run the same command again.`);
}
