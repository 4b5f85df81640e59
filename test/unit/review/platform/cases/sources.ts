import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { infrastructureFile, source } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const only = (text: string) => builtPlatform({ [infrastructureFile]: text });

/** The cases of the rule `platform-sources`. */
export const sourcesCases: PlatformCases = {
  violating: [
    {
      title: "plain http",
      platform: only(
        [source("HelmRepository", "url: http://charts.example.com"), source("GitRepository", "url: http://git")].join(
          "---\n",
        ),
      ),
      violations: [
        `${infrastructureFile}:5 HelmRepository platform/charts fetches http://charts.example.com`,
        `${infrastructureFile}:11 GitRepository platform/charts fetches http://git`,
      ],
    },
    {
      title: "an insecure registry",
      platform: only(source("HelmRepository", "url: oci://ghcr.io/acme", "insecure: true")),
      violations: [`${infrastructureFile}:6 HelmRepository platform/charts is insecure`],
    },
    {
      title: "no address",
      platform: only(source("OCIRepository", "interval: 1h")),
      violations: [`${infrastructureFile}:4 OCIRepository platform/charts fetches no address`],
    },
  ],
  clean: [
    { title: "https", platform: only(source("HelmRepository", "url: https://charts.example.com")) },
    {
      title: "a registry",
      platform: only(source("OCIRepository", "url: oci://ghcr.io/acme/charts", "insecure: false")),
    },
    { title: "ssh", platform: only(source("GitRepository", "url: ssh://git@example.com/a")) },
  ],
};
