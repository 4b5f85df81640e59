import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { objectName } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { flagValues } from "./arguments.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

/** The flag that holds an address, and its context for errors. */
export interface ServiceNameArgs {
  /** Arguments of a controller. */
  readonly args: readonly string[];
  /** Name of the flag, without hyphens in front: `events-addr`. */
  readonly flag: string;
  readonly context: HardenContext;
  /** Name of the calling step. */
  readonly step: string;
  /** The controller's Deployment. */
  readonly deployment: KubernetesObject;
}

/**
 * The name of the Service in the address of a controller's flag, without a period at its end:
 * `notification-controller.flux-system.svc.cluster.local`.
 * @throws FleetError when the flag is missing or holds no such address
 */
export function serviceName({ args, flag, context, step, deployment }: ServiceNameArgs): string {
  const [address = ""] = flagValues(args, flag);
  // The kubelet expands this variable to the namespace.
  const text = address.replace("$(RUNTIME_NAMESPACE)", FLUX_NAMESPACE);
  const [, name] = /^(?:http:\/\/)?([a-z0-9.-]+?)\.?\/?$/.exec(text) ?? [];
  if (name === undefined) {
    throw unexpectedManifest(
      context,
      step,
      objectName(deployment),
      `expected a Service's name in --${flag}=${address}`,
    );
  }
  return name;
}

/**
 * The entries of NO_PROXY for these Services.
 *
 * Flux writes names of Services with a period at their end; an overridden address may have none. An entry matches its
 * subdomains as well, and a Service has none.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function noProxyFor(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `${name}.`]);
}
