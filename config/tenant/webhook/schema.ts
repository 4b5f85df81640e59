import { booleanField } from "../../rules/field.js";

/** Whether GitHub tells the cluster of each push. GitHub must be able to reach the cluster for it. */
export const webhook = booleanField(
  "Whether GitHub notifies the cluster of each push, so that Flux applies it within seconds. The stack must have fleet:webhookUrl.",
).default(false);
