import type { PlatformRule } from "./platform-rule.js";

/** Folders of `fleet/` that a sync applies. */
export const builds: PlatformRule = {
  name: "platform-builds",
  level: "mandatory",
  title: "kustomize builds every folder of fleet/ that a sync of the platform applies",
  reason: "Flux would apply nothing of the folder, and pulumi up would wait for it until its timeout",
  fix: "correct the file, and run npx fleet diff again",
  violations: ({ buildFaults }) => buildFaults,
};
