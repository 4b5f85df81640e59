import type { Rule } from "../rules/rule.js";
import type { BuiltPlatform, Fault } from "./built-platform.js";

/** A rule on the objects that the platform's syncs apply. Its function is pure. */
export interface PlatformRule extends Pick<Rule, "name" | "level" | "title" | "reason" | "fix"> {
  readonly violations: (platform: BuiltPlatform) => readonly Fault[];
}
