import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { clusterFile, infrastructureFile, release, sync } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const on = (name: string) => `dependsOn: [{name: ${name}}]`;

/** The cases of the rule `platform-order`. */
export const orderCases: PlatformCases = {
  violating: [
    {
      title: "a sync that depends on a tenant's",
      platform: builtPlatform({
        [clusterFile]: sync("infrastructure", "dependsOn:", "  - name: search", "    namespace: team-search"),
      }),
      violations: [
        `${clusterFile}:6 Kustomization flux-system/infrastructure depends on Kustomization team-search/search, which belongs to a tenant`,
      ],
    },
    {
      title: "a sync that depends on none that fleet/ has",
      platform: builtPlatform({ [clusterFile]: sync("infrastructure", on("crds")) }),
      violations: [
        `${clusterFile}:5 Kustomization flux-system/infrastructure depends on Kustomization flux-system/crds, which fleet/ does not have`,
      ],
    },
    {
      title: "a release that depends on a sync of the same name, which is another kind",
      platform: builtPlatform({
        [clusterFile]: sync("crds", "wait: true"),
        [infrastructureFile]: release("proxy", "dependsOn: [{name: crds, namespace: flux-system}]"),
      }),
      violations: [
        `${infrastructureFile}:5 HelmRelease platform/proxy depends on HelmRelease flux-system/crds, which fleet/ does not have`,
      ],
    },
    {
      title: "a circle of three, told once",
      platform: builtPlatform({
        [clusterFile]: [sync("a", on("b")), sync("b", on("c")), sync("c", on("a"))].join("---\n"),
      }),
      violations: [
        `${clusterFile}:5 Kustomization flux-system/a depends on Kustomization flux-system/b, which depends on Kustomization flux-system/c, which depends on Kustomization flux-system/a`,
      ],
    },
    {
      title: "a sync that depends on itself",
      platform: builtPlatform({ [infrastructureFile]: release("proxy", on("proxy")) }),
      violations: [`${infrastructureFile}:5 HelmRelease platform/proxy depends on HelmRelease platform/proxy`],
    },
    {
      title: "a sync that depends on the one that applies it and waits for it",
      platform: builtPlatform({ [clusterFile]: sync("infrastructure", on("platform")) }),
      violations: [
        `${clusterFile}:5 Kustomization flux-system/infrastructure depends on Kustomization flux-system/platform, which waits for Kustomization flux-system/infrastructure`,
      ],
    },
  ],
  clean: [
    {
      title: "controllers before their configuration",
      platform: builtPlatform({
        [clusterFile]: [sync("controllers", "wait: true"), sync("configuration", on("controllers"))].join("---\n"),
      }),
    },
    {
      title: "a sync that depends on the one that applies it and does not wait",
      platform: builtPlatform(
        { [clusterFile]: sync("above", "wait: false"), [infrastructureFile]: sync("below", on("above")) },
        { appliedBy: { "fleet/infrastructure/staging": "Kustomization flux-system/above" } },
      ),
    },
  ],
};
