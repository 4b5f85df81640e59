import { booleanField, section } from "../../rules/field.js";

/** An account for the tenant's pipelines. */
export const robot = section("The account of the tenant's pipelines.", {
  /** Not every team has pipelines that talk to clusters. */
  enabled: booleanField(
    "Whether there is an account ci-robot in the tenant's primary namespace that may reconcile, suspend and resume the tenant's own syncs, HelmReleases and sources, read their status, and nothing else.",
  ).default(false),
  /** Short-lived tokens are requested when they are needed, and cannot be lost for long. */
  token: booleanField("Whether it has a token that never expires, in the Secret ci-robot-token.").default(false),
});
