import type { Problem } from "../../lib/diagnostics/problem.js";
import { parseJson } from "./read-config.js";

/** Packages whose default providers would take the machine's own cluster or account for the stack's. */
const providerPackages = ["github", "kubernetes", "tls"];

/**
 * Default providers that a stack's file leaves enabled. The engine hands a resource whose provider the program forgot to
 * name to one of them, which reaches whatever cluster or account the machine leads to. Only the file can turn them off.
 * @param configured `pulumi:disable-default-providers` as the engine hands it over: a list as JSON, an empty text for an
 *   empty one; undefined when the file does not have it
 * @see https://www.pulumi.com/docs/iac/concepts/config/#pulumi-configuration-options
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/resource/deploy/default_providers.go shouldDenyRequest
 */
export function defaultProviderProblems(stack: string, configured = ""): Problem[] {
  const disabled = disabledPackages(configured);
  const enabled = disabled.includes("*") ? [] : providerPackages.filter((name) => !disabled.includes(name));
  if (enabled.length === 0) return [];
  return [
    {
      file: `Pulumi.${stack}.yaml`,
      path: "pulumi:disable-default-providers",
      message: `leaves default providers enabled (${enabled.join(", ")}), which lead to whatever cluster or account the machine does`,
      fix: 'Write it under config, as a list whose one entry is "*"',
    },
  ];
}

function disabledPackages(configured: string): string[] {
  const decoded = parseJson(configured);
  // A text where a list belongs turns nothing off. The engine takes white space off names, and no other text for a name.
  const list = "data" in decoded && Array.isArray(decoded.data) ? decoded.data : [];
  return list.filter((name) => typeof name === "string").map((name) => name.trim());
}
