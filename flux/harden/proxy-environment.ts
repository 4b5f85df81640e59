import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import type { Container } from "../release/deployment.js";
import { flagValues } from "./arguments.js";
import type { Controller } from "./controller.js";

/** The environment of a controller with `added` variables. It refuses a controller that sets one of them already. */
export function withEnvironment(
  { container: { env = [] }, unexpected }: Controller,
  added: Readonly<Record<string, string>>,
): Pick<Container, "env"> {
  const taken = env.find(({ name }) => Object.hasOwn(added, name));
  if (taken) throw unexpected(`the variable ${taken.name} is set already`);
  return { env: [...env, ...Object.entries(added).map(([name, value]) => ({ name, value }))] };
}

/**
 * The name of the Service in the address of a controller's flag, without a period at its end:
 * `notification-controller.flux-system.svc.cluster.local`. It refuses a controller without such an address.
 */
export function serviceName({ args, unexpected }: Controller, flag: string): string {
  const [address = ""] = flagValues(args, flag);
  // The kubelet expands this variable to the namespace.
  const text = address.replace("$(RUNTIME_NAMESPACE)", FLUX_NAMESPACE);
  const [, name] = /^(?:http:\/\/)?([a-z0-9.-]+?)\.?\/?$/.exec(text) ?? [];
  if (name === undefined) throw unexpected(`expected a Service's name in --${flag}=${address}`);
  return name;
}

/**
 * The entries of NO_PROXY for these Services. Flux writes their names with a period at their end; an overridden address
 * may have none. An entry matches its subdomains as well, and a Service has none.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function noProxyFor(names: readonly string[]): string {
  return names.map((name) => `${name},${name}.`).join();
}
