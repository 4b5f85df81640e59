import type { FleetError } from "../../lib/diagnostics/problem.js";
import { featureGates, flagNames, parseFlag, removeFlag, setFeatureGates } from "./arguments.js";
import { containerStep } from "./controller.js";
import { EXTERNAL_ARTIFACT_GATE } from "./flags.js";
import { invalidSetting } from "./step.js";

/** Flags that undo the hardening, whatever their value, with the reason. */
const forbidden: Readonly<Record<string, string>> = {
  "insecure-kubeconfig-exec": "it lets a tenant's kubeconfig run programs inside the controller",
  "insecure-kubeconfig-tls": "it lets a tenant's kubeconfig leave out the check of certificates",
};

/**
 * Applies a stack's settings of single controllers: additional arguments, and resources.
 *
 * An argument that repeats a flag would win over it, so it is refused. Only the controller knows all of its flags. With
 * an unknown one it exits, and `pulumi up` fails. Quantities that are not set stay, the memory limit above all, from
 * which the release derives GOMEMLIMIT.
 */
export const applyControllerSettings = containerStep(({ name, settings, container, args }, { stack }) => {
  if (!settings) return {};
  checkExtraArgs(args, settings.args, (place, message, fix = "Remove it") =>
    invalidSetting(stack, `controllers.${name}.args${place}`, message, fix),
  );
  const { resources = {} } = container;
  const override = settings.resources ?? {};
  return {
    args: setFeatureGates([...args, ...removeFlag(settings.args, "feature-gates")], featureGates(settings.args)),
    resources: {
      ...resources,
      requests: { ...resources.requests, ...override.requests },
      limits: { ...resources.limits, ...override.limits },
    },
  };
});

function checkExtraArgs(
  args: readonly string[],
  extra: readonly string[],
  refusal: (place: string, message: string, fix?: string) => FleetError,
): void {
  // Feature gates add up, and are joined into one flag.
  const taken = new Set(flagNames(args).filter((name) => name !== "feature-gates"));
  for (const [index, argument] of extra.entries()) {
    const fail = (message: string, fix?: string) => refusal(`[${index}]`, message, fix);
    const flag = parseFlag(argument);
    if (!flag) throw fail(`${argument} is not of the form --name=value`, "Write flag and value as one argument");
    if (Object.hasOwn(forbidden, flag.name)) throw fail(`--${flag.name} is refused: ${forbidden[flag.name]}`);
    if (taken.has(flag.name)) {
      const fix =
        "Remove it; fleet:logLevel and fleet:clusterDomain are settings of their own, and the lockdown cannot be turned off";
      throw fail(`--${flag.name} is set already, and given twice the last one would win`, fix);
    }
    taken.add(flag.name);
  }
  if (featureGates(extra)[EXTERNAL_ARTIFACT_GATE] === "true") {
    const reason = "without source-watcher only a tenant could make such artifacts";
    throw refusal("", `the feature gate ${EXTERNAL_ARTIFACT_GATE} is refused: ${reason}`);
  }
}
