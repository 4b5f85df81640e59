import { InvalidArgumentError, Option } from "commander";

/** `--context STACK=CONTEXT`, repeatable: contexts by stack. */
export function contextOption(): Option {
  const option = new Option("--context <stack=context>", "context of KUBECONFIG for a stack; repeatable");
  return option.argParser(addContext).default(new Map(), "found by the label of each cluster");
}

function addContext(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, stack, context] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (stack === undefined || context === undefined) {
    throw new InvalidArgumentError("Write it like prod-eu=CONTEXT.");
  }
  return new Map([...before, [stack, context]]);
}
