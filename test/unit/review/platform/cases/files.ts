import { builtPlatform, clusterRoot } from "../../../../support/unit/built-platform.js";
import type { PlatformCases } from "./platform-case.js";

const comment = (bytes: number) => `#${" ".repeat(bytes - 1)}`;
const MiB = 1024 * 1024;
const file = `${clusterRoot}/notes.yaml`;
const large = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`fleet/${index}/notes.yaml`, comment(MiB)]));

/** The cases of the rule `platform-files`. */
export const filesCases: PlatformCases = {
  violating: [
    {
      title: "a file that has Flux apply others than those judged",
      platform: builtPlatform({ [`${clusterRoot}/.sourceignore`]: "# kustomization.yaml" }),
      violations: [
        `${clusterRoot}/.sourceignore ${clusterRoot}/.sourceignore has Flux leave out files, so that it applies others than those which the rules judge`,
      ],
    },
    {
      title: "a file by which a checkout has others than Flux",
      platform: builtPlatform({ "fleet/.gitattributes": "# *.yaml working-tree-encoding=UTF-16" }),
      violations: [
        "fleet/.gitattributes fleet/.gitattributes has Git change files in a checkout, so that Flux reads others than those which the rules judge",
      ],
    },
    {
      title: "a file over 1 MiB",
      platform: builtPlatform({ [file]: comment(MiB + 1) }),
      violations: [`${file} ${file} has 1.0 MiB`],
    },
    {
      title: "more than 10 MiB together",
      platform: builtPlatform({ ...large, [file]: "#" }),
      violations: ["fleet fleet/ has 10.0 MiB"],
    },
  ],
  clean: [
    { title: "a file of 1 MiB", platform: builtPlatform({ [file]: comment(MiB) }) },
    { title: "10 MiB together", platform: builtPlatform(large) },
    {
      title: "files of other names",
      platform: builtPlatform({ "fleet/sourceignore.yaml": "#", "fleet/.gitignore": "#" }),
    },
  ],
};
