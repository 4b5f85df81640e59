import { z } from "zod";
import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { quantity } from "../rules/amounts.js";
import { amountField, textField, withoutRepeats } from "../rules/field.js";
import { controllerArgument, flagName } from "./controller-arguments.js";

/** Controllers of Flux that a stack can have installed beside the four that it always has. */
export const EXTRA_COMPONENTS = ["image-reflector-controller", "image-automation-controller"] as const;

/** Every controller that a stack can set up. */
export const CONTROLLERS = [
  "source-controller",
  "kustomize-controller",
  "helm-controller",
  "notification-controller",
  ...EXTRA_COMPONENTS,
] as const;

const bytes = amountField(quantity, { description: "Bytes: 1Gi." }).exactOptional();
const cpu = amountField(quantity, { description: "Cores: 2, 500m." }).exactOptional();
const quantities = z.strictObject({ cpu, memory: bytes, "ephemeral-storage": bytes }).exactOptional();

const controller = z.strictObject({
  args: z
    .array(textField(controllerArgument))
    .superRefine(withoutRepeats(flagName, (flag) => `repeats --${flag}, of which only the last would count`))
    .default([])
    .meta({ description: "Arguments added to those that the program sets." }),
  resources: z
    .strictObject({ requests: quantities, limits: quantities })
    .superRefine(({ requests = {}, limits = {} }, context) => {
      for (const [resource, amount] of Object.entries(requests)) {
        const limit = Object.entries(limits).find(([name]) => name === resource)?.[1];
        if (limit === undefined || quantityAmount(amount) <= quantityAmount(limit)) continue;
        const message = "is more than the limit, so Kubernetes would refuse every pod of the controller";
        const fix = "Raise the limit or lower the request";
        context.addIssue({ code: "custom", path: ["requests", resource], message, params: { fix } });
      }
    })
    .exactOptional()
    .meta({ description: "CPU and memory instead of those of the release." }),
  volumeSize: amountField(quantity, {
    description: "Size of each of its volumes; a pod that exceeds it is evicted. Default: 5Gi.",
  }).exactOptional(),
});

const optional = controller.exactOptional();
const controllers = Object.fromEntries(CONTROLLERS.map((name) => [name, optional])) as Record<
  (typeof CONTROLLERS)[number],
  typeof optional
>;

/** The setting `fleet:controllers`. */
export const controllersConfig = z
  .strictObject(controllers)
  .prefault({})
  .meta({ description: "Arguments, resources and size of volumes, by controller." });
