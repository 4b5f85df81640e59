import type { EngineDiagnostic, EnginePreview, EngineState, EngineStep } from "../../../review/live/preview.js";

const prefix = "urn:pulumi:staging::fleet::";

/** The state of a resource, as the engine prints it. */
export function engineState(type: string, name: string, fields: Partial<EngineState> = {}): EngineState {
  return { type, urn: urnOf(type, name), ...fields };
}

/** The URN of a resource of the stack `staging`. */
export function urnOf(type: string, name: string): string {
  return `${prefix}${type}::${name}`;
}

/** A step of the engine on a resource with these states. */
export function engineStep(
  op: string,
  states: { readonly before?: EngineState; readonly after?: EngineState },
  further: Partial<EngineStep> = {},
): EngineStep {
  const { before, after } = states;
  const urn = after?.urn ?? before?.urn ?? "";
  return { op, urn, ...(before && { oldState: before }), ...(after && { newState: after }), ...further };
}

/** A preview with these steps. */
export function enginePreview(
  steps: readonly EngineStep[],
  diagnostics: readonly EngineDiagnostic[] = [],
): EnginePreview {
  return { steps, diagnostics };
}
