import { booleanField } from "../../rules/field.js";

/** Whether a tenant uses Flagger. Most teams roll out as Kubernetes does, and the infrastructure need not have Flagger. */
export const progressiveDelivery = booleanField(
  "Whether the tenant may make Flagger's Canaries, MetricTemplates and AlertProviders; only where fleet:offers of the stack lists flagger.",
).default(false);
