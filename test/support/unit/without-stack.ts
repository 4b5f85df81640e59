import { isPlainObject } from "../../../lib/data/merge.js";
import { STACK_LABEL } from "../../../lib/kubernetes/ownership-labels.js";

/** Stands for the stack's own name in the label of every object, so that stacks can share an entry. */
const thisStack = "(this stack)";

/** Plain data in which the label that names the stack has the same value on every stack. */
export function withoutStack(value: unknown, stack: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutStack(item, stack));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      key === STACK_LABEL && field === stack ? thisStack : withoutStack(field, stack),
    ]),
  );
}
