import { booleanField } from "../../rules/field.js";

/** Whether GitHub tells the cluster of each push. GitHub must be able to reach the cluster for it. */
export const webhook = booleanField(
  "Whether GitHub tells the cluster of each push, so that it is applied within seconds; the stack must have fleet:webhookUrl.",
).default(false);
