import type { Problem } from "../../lib/diagnostics/problem.js";
import { parseJson } from "./read-config.js";

/** Packages whose default providers would take the machine's own cluster or account for the stack's. */
const providerPackages = ["github", "kubernetes", "tls"];

/**
 * Default providers that a stack's file leaves enabled.
 *
 * The program names the provider of every resource; the engine would hand a forgotten one to a default provider, which
 * reaches whatever cluster and account the machine happens to lead to. Only a stack's file can turn them off.
 *
 * @param configured `pulumi:disable-default-providers` as the engine hands it over: a list as JSON, an empty text for an
 *   empty one; undefined when the file does not have it
 * @see https://www.pulumi.com/docs/iac/concepts/config/#pulumi-configuration-options
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/default_providers.go shouldDenyRequest
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
