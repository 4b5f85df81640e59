import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { digest } from "../../rules/cases/objects.js";
import { infrastructureFile, release, source } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const chart = (version: string) =>
  release("cert-manager", "chart:", "  spec:", "    chart: cert-manager", `    version: ${version}`);
const only = (text: string) => builtPlatform({ [infrastructureFile]: text });

/** The cases of the rule `platform-charts`. */
export const chartsCases: PlatformCases = {
  violating: [
    {
      title: "a range of a chart",
      platform: only(chart("1.x")),
      violations: [`${infrastructureFile}:8 HelmRelease platform/cert-manager follows version 1.x`],
    },
    {
      title: "a chart without a version",
      platform: only(release("cert-manager", "chart:", "  spec:", "    chart: cert-manager")),
      violations: [`${infrastructureFile}:6 HelmRelease platform/cert-manager names no version`],
    },
    {
      title: "latest, a branch, and a bucket",
      platform: only(
        [
          source("OCIRepository", "ref: {tag: latest}"),
          source("GitRepository", "ref: {branch: main}"),
          source("Bucket", "bucketName: charts"),
        ].join("---\n"),
      ),
      violations: [
        `${infrastructureFile}:5 OCIRepository platform/charts follows tag latest`,
        `${infrastructureFile}:11 GitRepository platform/charts names no commit`,
        `${infrastructureFile}:17 Bucket platform/charts follows bucketName charts`,
      ],
    },
  ],
  clean: [
    { title: "an exact version", platform: only(chart("v1.21.2")) },
    {
      title: "a tag with its digest",
      platform: only(source("OCIRepository", `ref: {tag: 1.2.3, digest: '${digest}'}`)),
    },
    { title: "an exact tag of an artifact", platform: only(source("OCIRepository", "ref: {tag: v1.21.2}")) },
    { title: "a repository of charts", platform: only(source("HelmRepository", "url: https://charts.example.com")) },
    { title: "a release that names an OCIRepository", platform: only(release("a", "chartRef: {kind: OCIRepository}")) },
    {
      title: "a kind of the same name of another group",
      platform: only("apiVersion: a.example.com/v1\nkind: Bucket\n"),
    },
  ],
};
