import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { clusterFile, infrastructureFile, release, source, sync } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const from = (kind: string, name: string, more = "") => `sourceRef: {kind: ${kind}, name: ${name}${more}}`;
const chartFrom = (...lines: readonly string[]) => ["chart:", "  spec:", ...lines.map((line) => `    ${line}`)];

/** The cases of the rule `platform-references`. */
export const referencesCases: PlatformCases = {
  violating: [
    {
      title: "a tenant's source",
      platform: builtPlatform({ [clusterFile]: sync("app", from("GitRepository", "app", ", namespace: team-search")) }),
      violations: [
        `${clusterFile}:5 Kustomization flux-system/app takes its content from GitRepository team-search/app, which fleet/ does not have`,
      ],
    },
    {
      title: "a source of another kind, and one of another namespace",
      platform: builtPlatform({
        [infrastructureFile]: [
          source("HelmRepository", "url: https://charts.example.com"),
          release("a", "chartRef: {kind: OCIRepository, name: charts}"),
          sync("b", from("HelmRepository", "charts")),
        ].join("---\n"),
      }),
      violations: [
        `${infrastructureFile}:11 HelmRelease platform/a takes its content from OCIRepository platform/charts, which fleet/ does not have`,
        `${infrastructureFile}:17 Kustomization flux-system/b takes its content from HelmRepository flux-system/charts, which fleet/ does not have`,
      ],
    },
    {
      title: "the chart of an unknown repository",
      platform: builtPlatform({
        [infrastructureFile]: release("a", ...chartFrom("chart: a", from("HelmRepository", "charts"))),
      }),
      violations: [
        `${infrastructureFile}:8 HelmRelease platform/a takes its content from HelmRepository platform/charts, which fleet/ does not have`,
      ],
    },
    {
      title: "manifests of another repository, also of one with the name of the platform's",
      platform: builtPlatform({
        [infrastructureFile]: [
          source("GitRepository", "url: https://git.example.com/other").replace("name: charts", "name: platform"),
          sync("a", from("GitRepository", "platform", ", namespace: platform")),
          sync("b", from("GitRepository", "platform")).replace("namespace: flux-system", "namespace: platform"),
        ].join("---\n"),
      }),
      violations: [
        `${infrastructureFile}:11 Kustomization flux-system/a takes its content from GitRepository platform/platform, which no rule reads`,
        `${infrastructureFile}:17 Kustomization platform/b takes its content from GitRepository platform/platform, which no rule reads`,
      ],
    },
    {
      title: "another cluster",
      platform: builtPlatform({
        [clusterFile]: sync("a", from("GitRepository", "platform"), "kubeConfig: {secretRef: {name: other}}"),
      }),
      violations: [`${clusterFile}:6 Kustomization flux-system/a applies its content to another cluster`],
    },
  ],
  clean: [
    {
      title: "the platform's repository",
      platform: builtPlatform({ [clusterFile]: sync("infrastructure", from("GitRepository", "platform")) }),
    },
    {
      title: "charts of sources of fleet/",
      platform: builtPlatform({
        [infrastructureFile]: [
          source("HelmRepository", "url: https://charts.example.com"),
          release("a", ...chartFrom("chart: a", from("HelmRepository", "charts"))),
          release("b", "chartRef: {kind: HelmRepository, name: charts, namespace: platform}"),
        ].join("---\n"),
      }),
    },
  ],
};
