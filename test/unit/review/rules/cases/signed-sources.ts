import { planned } from "../../../../support/unit/plan.js";
import type { RuleCases } from "./rule-case.js";

/** A source of the tenant `a`. @param mode of its verification @default - none */
function source(mode?: string, name = "team-a", url = "ssh://git@github.com/acme/team-a.git") {
  const verify = mode === undefined ? {} : { verify: { mode, secretRef: { name: "tenant-verify-team-a" } } };
  const inputs = { metadata: { name, namespace: "a" }, spec: { url, ...verify } };
  return planned("kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", `${name}-source`, inputs, "a");
}

/** The cases of the rule `signed-sources`. */
export const signedSourcesCases: RuleCases = {
  violating: [
    {
      title: "a source that demands no signature any more",
      before: [source("HEAD")],
      after: [source()],
      messages: ["the source a/team-a no longer demands a signed commit"],
    },
    {
      title: "another mode, with which the commit needs no signature",
      before: [source("TagAndHEAD")],
      after: [source("Tag")],
      messages: ["the source a/team-a no longer demands a signed commit"],
    },
    {
      title: "a source of another name in the place of one that demanded signatures",
      before: [source("TagAndHEAD")],
      after: [source(undefined, "again")],
      messages: [
        "the source a/again no longer demands a signed commit",
        "the source a/again no longer demands a signed tag",
      ],
    },
  ],
  clean: [
    { title: "the same signatures", before: [source("HEAD")], after: [source("HEAD")] },
    { title: "more signatures", before: [source()], after: [source("TagAndHEAD")] },
    { title: "a source that goes", before: [source("HEAD")], after: [] },
    {
      title: "a source of another repository",
      before: [source("HEAD")],
      after: [source("HEAD"), source(undefined, "b", "b")],
    },
    {
      title: "the source of image updates, from which nothing is applied",
      before: [source("HEAD")],
      after: [source("HEAD"), source(undefined, "team-a-image-updates")],
    },
    {
      title: "one more source of a repository that one source followed without signatures",
      before: [source("HEAD"), source(undefined, "next")],
      after: [source("HEAD"), source(undefined, "next"), source(undefined, "more")],
    },
  ],
};
