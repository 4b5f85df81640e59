import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { infrastructureFile } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const place = { file: infrastructureFile, line: 9, path: "spec.intervall" };

/** The cases of the rule `platform-schemas`. */
export const schemasCases: PlatformCases = {
  violating: [
    {
      title: "an object that a schema refuses",
      platform: builtPlatform({}, { schemaFaults: [{ resource: "HelmRelease a/b", place, message: "no field" }] }),
      violations: [`${infrastructureFile}:9 no field`],
    },
  ],
  clean: [{ title: "objects that have the form of their CRD", platform: builtPlatform({}) }],
};
