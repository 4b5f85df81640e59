import { booleanField } from "../../rules/field.js";

/** The former field for Flagger, which became an add-on. Files that have it mean the same as before. */
export const progressiveDelivery = booleanField(
  "Former name of addons: [flagger]. Whether the tenant may create Flagger's Canaries, MetricTemplates and AlertProviders. The stack must offer flagger in fleet:addons.",
).default(false);
