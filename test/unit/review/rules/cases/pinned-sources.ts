import { digest, file, release, source } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `pinned-sources`. */
export const pinnedSourcesCases: RuleCases = {
  violating: [
    {
      title: "a range of a chart",
      after: [file(release("1.x"))],
      messages: ["HelmRelease cert-manager is not pinned"],
    },
    {
      title: "the second object of a file",
      after: [file(`${release("1.2.3")}---\n${source("OCIRepository", "{semver: '>=1.0'}")}`)],
      messages: ["OCIRepository charts is not pinned"],
    },
    {
      title: "a branch",
      after: [file(source("GitRepository", "{branch: main}"))],
      messages: ["GitRepository charts is not pinned"],
    },
    {
      title: "a range and another reference that Flux prefers to an exact tag",
      after: [
        file(
          [
            source("OCIRepository", "{tag: 1.2.3, semver: '>=1.0'}"),
            source("GitRepository", "{tag: v1.2.3, semver: '*'}"),
            source("GitRepository", "{tag: v1.2.3, name: refs/heads/main}"),
          ].join("---\n"),
        ),
      ],
      messages: [
        "OCIRepository charts is not pinned",
        "GitRepository charts is not pinned",
        "GitRepository charts is not pinned",
      ],
    },
    {
      title: "objects of a list, merged keys, and a bucket",
      after: [
        file("kind: List\nitems: [{kind: HelmChart, metadata: {name: one}, spec: {version: 1.x}}]\n"),
        file("base: &base {kind: HelmChart, spec: {version: '*'}}\n<<: *base\nmetadata: {name: two}\n"),
        file("kind: Bucket\nmetadata: {name: three}\nspec: {bucketName: charts}\n"),
      ],
      messages: ["HelmChart one is not pinned", "HelmChart two is not pinned", "Bucket three is not pinned"],
    },
    {
      title: "a moving tag of an artifact",
      after: [file(source("OCIRepository", "{tag: latest}"))],
      messages: ["OCIRepository charts is not pinned"],
    },
  ],
  clean: [
    { title: "an exact version", after: [file(release("v1.21.2"))] },
    { title: "a digest", after: [file(source("OCIRepository", `{digest: '${digest}'}`))] },
    { title: "a tag by its full name", after: [file(source("GitRepository", "{name: refs/tags/v1, branch: main}"))] },
    { title: "a commit", after: [file(source("GitRepository", "{commit: 0123456789}"))] },
    {
      title: "a release of a chart that is judged by itself",
      after: [file("kind: HelmRelease\nspec: {chartRef: {kind: OCIRepository}}\n")],
    },
    { title: "a file of another folder", after: [file(release("1.x"), "docs/example.yaml")] },
    { title: "a file that is no object", after: [file("- one\n")] },
  ],
};
