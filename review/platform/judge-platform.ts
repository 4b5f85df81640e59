import type { RuleFinding } from "../rules/judge.js";
import { isExpired, type Waiver, waives } from "../rules/waivers.js";
import type { BuiltPlatform } from "./built-platform.js";
import { platformRules } from "./platform-rules.js";

/** All violations of the platform's files on a stack, in the order of the rules. */
export function judgePlatform(
  platform: BuiltPlatform,
  { waivers, today }: { readonly waivers: readonly Waiver[]; readonly today: string },
): RuleFinding[] {
  const inForce = waivers.filter((waiver) => !isExpired(waiver, today));
  return platformRules.flatMap(({ name: rule, level, reason, fix, violations }) =>
    violations(platform).map(({ resource, place, message }): RuleFinding => {
      const finding = { rule, level, stack: platform.stack, resource, place, message, reason, fix };
      return { ...finding, waiver: inForce.find((waiver) => waives(waiver, finding, undefined)) };
    }),
  );
}
