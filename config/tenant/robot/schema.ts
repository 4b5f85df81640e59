import { booleanField, section } from "../../rules/field.js";

/** An account for the tenant's pipelines. */
export const robot = section("The account of the tenant's pipelines.", {
  /** Not every team has pipelines that talk to clusters. */
  enabled: booleanField(
    "Whether the tenant's primary namespace has an account ci-robot. It may only reconcile, suspend and resume the tenant's own syncs, HelmReleases and sources, and read their status.",
  ).default(false),
  /** Short-lived tokens are requested when they are needed, and cannot be lost for long. */
  token: booleanField("Whether it has a token that never expires, in the Secret ci-robot-token.").default(false),
});
