import type { BuiltPlatform } from "../../../../../review/platform/built-platform.js";

/** A platform that keeps a rule. */
export interface PlatformCase {
  readonly title: string;
  readonly platform: BuiltPlatform;
}

/** A platform that breaks a rule. */
export interface ViolatingPlatform extends PlatformCase {
  /** `FILE:LINE MESSAGE` of each violation. */
  readonly violations: readonly string[];
}

/** The cases of a rule. */
export interface PlatformCases {
  readonly violating: readonly ViolatingPlatform[];
  readonly clean: readonly PlatformCase[];
}
