import type { PlatformRule } from "./platform-rule.js";

/** Objects of Flux's kinds. */
export const schemas: PlatformRule = {
  name: "platform-schemas",
  level: "mandatory",
  title: "each object of Flux's kinds in fleet/ has the form that its CRD demands",
  reason: "the API server would refuse the object, and with it all that its sync applies",
  fix: "write the field as the CRD of the pinned Flux version has it",
  violations: ({ schemaFaults }) => schemaFaults,
};
