import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { objectName } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { flagValues } from "./arguments.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

/** What {@link serviceName} reads, and for whom. */
export interface ServiceNameArgs {
  /** Arguments of a controller. */
  readonly args: readonly string[];
  /** Flag whose value is the address, without hyphens: `events-addr`. */
  readonly flag: string;
  readonly context: HardenContext;
  /** The step that asks, for its error. */
  readonly step: string;
  /** Whose arguments they are, for the same. */
  readonly deployment: KubernetesObject;
}

/**
 * Name of the Service in the address that a controller's flag has, without a period at its end:
 * `notification-controller.flux-system.svc.cluster.local`.
 * @throws FleetError when the flag is missing or has no such address
 */
export function serviceName({ args, flag, context, step, deployment }: ServiceNameArgs): string {
  const [address = ""] = flagValues(args, flag);
  // The kubelet puts the namespace there.
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
 * What NO_PROXY has of these Services. Flux writes names of Services with a period at their end, and whoever sets an
 * address anew may not. A name stands for what is below it as well; below a Service's there is nothing.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function noProxyFor(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `${name}.`]);
}
