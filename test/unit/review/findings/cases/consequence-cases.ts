import type { PlannedResource } from "../../../../../review/planned-resource.js";

/** Two plans of a stack, and the sentences that the change between them leads to, in any order. */
export type ConsequenceCase = readonly [
  before: readonly PlannedResource[],
  after: readonly PlannedResource[],
  ...sentences: readonly string[],
];

/** Cases by the change that they tell. */
export type ConsequenceCases = Readonly<Record<string, ConsequenceCase>>;
