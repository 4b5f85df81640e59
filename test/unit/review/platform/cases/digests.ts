import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { digest } from "../../rules/cases/objects.js";
import { infrastructureFile, source } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const only = (text: string) => builtPlatform({ [infrastructureFile]: text });

/** The cases of the rule `platform-digests`. */
export const digestsCases: PlatformCases = {
  violating: [
    {
      title: "an exact tag, which the registry may move",
      platform: only(source("OCIRepository", "url: oci://ghcr.io/acme/charts", "ref:", "  tag: 1.2.3")),
      violations: [`${infrastructureFile}:6 OCIRepository platform/charts names no digest`],
    },
  ],
  clean: [
    {
      title: "a digest beside a tag",
      platform: only(source("OCIRepository", `ref: {tag: 1.2.3, digest: '${digest}'}`)),
    },
    { title: "a source of another kind", platform: only(source("HelmRepository", "url: oci://ghcr.io/acme")) },
  ],
};
