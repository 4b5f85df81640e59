import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { Container } from "../release/deployment.js";
import { featureGates, flagNames, parseFlag, removeFlag, setFeatureGate } from "./arguments.js";
import { mapManagers } from "./deployment.js";
import { EXTERNAL_ARTIFACT_GATE } from "./flags.js";
import { type HardenContext, invalidSetting } from "./step.js";

const step = "controller-settings";

/** Flags that undo the hardening, whatever their value, with the reason. */
const forbidden: Readonly<Record<string, string>> = {
  "insecure-kubeconfig-exec": "it lets a tenant's kubeconfig run programs inside the controller",
  "insecure-kubeconfig-tls": "it lets a tenant's kubeconfig leave out the check of certificates",
};

/**
 * Applies a stack's settings of single controllers: additional arguments, and resources.
 *
 * Additional arguments never replace others: an argument that repeats a flag would win over it, so it is refused. Only
 * the controller knows all of its flags. With an unknown one it exits and never becomes Ready, and `pulumi up` fails.
 */
export function applyControllerSettings(
  objects: readonly KubernetesObject[],
  context: HardenContext,
): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ name, container }) => {
    const settings = context.settings.controllers[name as keyof typeof context.settings.controllers];
    if (!settings) return container;
    const { args = [] } = container;
    checkExtraArgs(args, settings.args, context, `controllers.${name}.args`);
    return {
      ...container,
      args: withExtraArgs(args, settings.args),
      resources: mergeResources(container.resources, settings.resources),
    };
  });
}

function checkExtraArgs(args: readonly string[], extra: readonly string[], context: HardenContext, path: string): void {
  // Feature gates add up, and are joined into one flag below.
  const taken = new Set(flagNames(args).filter((name) => name !== "feature-gates"));
  for (const [index, argument] of extra.entries()) {
    const fail = (message: string, fix: string) => invalidSetting(context, `${path}[${index}]`, message, fix);
    const flag = parseFlag(argument);
    if (!flag) throw fail(`${argument} is not of the form --name=value`, "Write flag and value as one argument");
    if (Object.hasOwn(forbidden, flag.name)) {
      throw fail(`--${flag.name} is refused: ${forbidden[flag.name]}`, "Remove it");
    }
    if (taken.has(flag.name)) {
      throw fail(
        `--${flag.name} is set already, and given twice the last one would win`,
        "Remove it; fleet:logLevel and fleet:clusterDomain are settings of their own, and the lockdown cannot be turned off",
      );
    }
    taken.add(flag.name);
  }
  if (featureGates(extra)[EXTERNAL_ARTIFACT_GATE] === "true") {
    throw invalidSetting(
      context,
      path,
      `the feature gate ${EXTERNAL_ARTIFACT_GATE} is refused: without source-watcher only a tenant could make such artifacts`,
      "Remove it",
    );
  }
}

/** Adds arguments to the release's, and their feature gates to the one flag that holds them. */
function withExtraArgs(args: readonly string[], extra: readonly string[]): string[] {
  const gates = Object.entries(featureGates(extra));
  return gates.reduce(
    (current, [gate, state]) => setFeatureGate(current, gate, state),
    [...args, ...removeFlag(extra, "feature-gates")],
  );
}

type Resources = NonNullable<Container["resources"]>;
type Quantities = NonNullable<Resources["requests"]>;

/**
 * Overrides single quantities. The others stay, the memory limit above all, from which the release derives GOMEMLIMIT.
 */
function mergeResources(
  base: Resources = {},
  override: { readonly requests?: Quantities | undefined; readonly limits?: Quantities | undefined } = {},
): Resources {
  return {
    ...base,
    requests: { ...base.requests, ...override.requests },
    limits: { ...base.limits, ...override.limits },
  };
}
