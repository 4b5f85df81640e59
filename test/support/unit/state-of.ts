import type { StackState } from "../../../lib/state/stack-state.js";
import type { Registration } from "../../../review/record/recorder.js";

/**
 * The state that a recorded update would leave: what was registered, with its inputs as outputs. Pulumi's mocks put only
 * the nearest parent into a URN, so the URNs are made anew.
 */
export function stateOf(registrations: readonly Registration[]): StackState {
  const byUrn = new Map(registrations.map((one) => [one.urn, one]));
  const qualifiedType = ({ type, parent }: Registration): string => {
    const above = byUrn.get(parent);
    return above === undefined || above.type === "pulumi:pulumi:Stack" ? type : `${qualifiedType(above)}$${type}`;
  };
  return Object.fromEntries(
    registrations.map((one) => {
      const [scheme] = one.urn.split(`::${one.urn.split("::")[2]}::`);
      return [`${scheme}::${qualifiedType(one)}::${one.name}`, { type: one.type, outputs: one.inputs }];
    }),
  );
}
