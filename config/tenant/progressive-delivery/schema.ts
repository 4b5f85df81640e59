import { booleanField } from "../../rules/field.js";

/** Whether a tenant uses Flagger. Most teams roll out as Kubernetes does, and the infrastructure need not have Flagger. */
export const progressiveDelivery = booleanField(
  "Whether the tenant may create Flagger's Canaries, MetricTemplates and AlertProviders. The stack must list flagger in fleet:offers.",
).default(false);
