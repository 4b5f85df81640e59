import { builtPlatform } from "../../../../support/unit/built-platform.js";
import type { PlatformCases } from "./platform-case.js";

const place = { file: "fleet/infrastructure/base/kustomization.yaml", line: 3, path: "" };

/** The cases of the rule `platform-builds`. */
export const buildsCases: PlatformCases = {
  violating: [
    {
      title: "a folder that kustomize refuses",
      platform: builtPlatform(
        {},
        { buildFaults: [{ resource: "fleet/infrastructure/base", place, message: "no field" }] },
      ),
      violations: ["fleet/infrastructure/base/kustomization.yaml:3 no field"],
    },
  ],
  clean: [{ title: "folders that were built", platform: builtPlatform({}) }],
};
