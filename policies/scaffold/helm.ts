import type { FleetSpec } from "../../config/fleet-spec.js";
import { reconciler } from "../rbac/reconciler.js";
import { imageUpdateFiles } from "./image-updates.js";
import { type Files, kustomization, welcome } from "./kustomization.js";
import { readme } from "./readme.js";

/**
 * A base with the source of a chart and its release, and one overlay for each stack with the versions that it takes. The
 * first stack takes pre-releases, and those that promote from it take stable versions. Without the platform's chart, the
 * base applies a ConfigMap until the author has set the address of a chart.
 */
export function helmFiles(spec: FleetSpec): Files {
  const { chart, preReleases } = spec.scaffold;
  const major = chart?.major ?? 1;
  const overlays = spec.stacks.map((stack) => {
    const content = overlay(preReleases.includes(stack) ? allVersions(major) : stableVersions(major));
    return [`deploy/${stack}/kustomization.yaml`, content] as const;
  });
  const sources = ["source.yaml", "release.yaml"];
  const base = chart
    ? { "deploy/base/kustomization.yaml": kustomization(...sources) }
    : {
        "deploy/base/kustomization.yaml": `${kustomization("welcome.yaml")}${sources.map((file) => `  # - ${file}\n`).join("")}`,
        "deploy/base/welcome.yaml": welcome(
          "Set the URL in deploy/base/source.yaml, and list that file and release.yaml in kustomization.yaml.",
        ),
      };
  return {
    "README.md": readme(spec, { hasBase: true, first: chart ? withChart : withoutChart, further: updates }),
    ...base,
    "deploy/base/source.yaml": source(
      chart?.url ?? `oci://ghcr.io/${spec.github.owner.toLowerCase()}/charts/app`,
      major,
    ),
    "deploy/base/release.yaml": release,
    ...Object.fromEntries(overlays),
    ...imageUpdateFiles(spec.stacks),
    "renovate.json": renovate,
  };
}

/** Versions of one major version without pre-releases. */
const stableVersions = (major: number): Versions => {
  return { words: "stable versions", range: `>=${major}.0.0 <${major + 1}.0.0`, example: `${major}.4.2` };
};

/** Versions of one major version. A pre-release in each condition admits pre-releases. */
const allVersions = (major: number): Versions => {
  const range = `>=${major}.0.0-0 <${major + 1}.0.0-0`;
  return { words: "pre-releases too", range, example: `${major}.4.2-rc.1` };
};

interface Versions {
  readonly words: string;
  readonly range: string;
  /** A version in the range. */
  readonly example: string;
}

/** @see https://fluxcd.io/flux/components/source/ocirepositories/#semver-example */
function overlay({ words, range, example }: Versions): string {
  return `${kustomization("../base")}patches:
  # This cluster takes ${words}. For one version alone, write it as the value, like "${example}".
  - target: { kind: OCIRepository, name: app }
    patch: |
      - op: replace
        path: /spec/ref/semver
        value: "${range}"
`;
}

function source(url: string, major: number): string {
  return `# The chart. The folder of each cluster says which versions it takes.
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: app
spec:
  interval: 10m
  url: ${url}
  layerSelector:
    mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
    operation: copy
  ref:
    semver: "${stableVersions(major).range}"
`;
}

const release = `# The release of the chart. It can create what your team may create, and nothing else.
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: app
spec:
  interval: 10m
  serviceAccountName: ${reconciler} # without it, the cluster refuses the release
  chartRef:
    kind: OCIRepository
    name: app
  install:
    remediation: { retries: 3 }
  upgrade:
    remediation: { retries: 3 }
  values: {}
`;

const withChart = `The release \`app\` runs already, from the platform's chart.

1. Set the \`values\` in \`deploy/base/release.yaml\`, or name another chart in \`deploy/base/source.yaml\`.
2. Commit and push.
`;

const withoutChart = `1. Set \`url\` in \`deploy/base/source.yaml\`, and \`values\` in \`deploy/base/release.yaml\`.
2. Remove the \`#\` before \`- source.yaml\` and \`- release.yaml\` in \`deploy/base/kustomization.yaml\`.
3. Commit and push.
`;

const updates = `## Updates

A cluster takes new versions of the chart by itself, within the range in its folder. Everything else comes by pull
request:

- **Images** (\`imageAutomation\` in the tenant file): the cluster pushes new versions to the branch \`image-updates\`.
  \`.github/workflows/image-updates.yml\` keeps one pull request open for them, whose text lists the images. The
  organisation must allow GitHub Actions to create pull requests.
- **Checks** (\`repository.protection.checks: [manifests]\`): \`.github/workflows/manifests.yml\` builds the folder of each
  cluster. No one can merge while it is red.
- **Production** follows what was promoted (\`sync.ref\`), and scans no registry.
- **Charts with a fixed version**: Renovate reads \`renovate.json\`, where your organisation runs it.
`;

/** @see https://docs.renovatebot.com/modules/manager/flux/ */
const renovate = `{
  "$schema": "https://docs.renovatebot.com/renovate-schema.json",
  "extends": ["config:recommended", "helpers:pinGitHubActionDigests"],
  "flux": { "managerFilePatterns": ["/^deploy/.+\\\\.ya?ml$/"] }
}
`;
