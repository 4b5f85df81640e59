import { z } from "zod";
import { resettable } from "../../rules/field.js";
import { tenantDefaults } from "../defaults.js";

/** An account for the tenant's pipelines. */
export const robot = z.strictObject({
  enabled: z.boolean().meta({
    description:
      "Whether there is an account ci-robot in the tenant's first namespace that may reconcile, suspend and resume the tenant's own syncs, HelmReleases and sources, read their status, and nothing else.",
    default: tenantDefaults.robot,
  }),
  token: z.boolean().meta({
    description: "Whether it has a token that never expires, in the Secret ci-robot-token.",
    default: tenantDefaults.robotToken,
  }),
});

/** The account in an overlay. */
export const robotOverlay = z.strictObject({
  enabled: resettable(robot.shape.enabled),
  token: resettable(robot.shape.token),
});
