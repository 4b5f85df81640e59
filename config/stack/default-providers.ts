import type { Problem } from "../../lib/diagnostics/problem.js";

/** Packages whose default providers would take the machine's own cluster or account for the stack's. */
export const PROVIDER_PACKAGES = ["github", "kubernetes", "tls"] as const;

/**
 * Default providers that a stack's file leaves enabled.
 *
 * The program names the provider of every resource; what it forgot, the engine would hand to a default one, and that
 * reaches whatever cluster and account the machine happens to lead to. Only a stack's file can turn them off.
 *
 * @param configured `pulumi:disable-default-providers` as the engine hands it over: a list as JSON, an empty text for an
 *   empty one; undefined when the file does not have it
 * @see https://www.pulumi.com/docs/iac/concepts/config/#pulumi-configuration-options
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/default_providers.go shouldDenyRequest
 */
export function defaultProviderProblems(stack: string, configured: string | undefined): Problem[] {
  const disabled = disabledPackages(configured);
  const enabled = disabled.includes("*") ? [] : PROVIDER_PACKAGES.filter((name) => !disabled.includes(name));
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

function disabledPackages(configured: string | undefined): string[] {
  if (configured === undefined || configured === "") return [];
  let list: unknown;
  try {
    list = JSON.parse(configured);
  } catch (error) {
    // A text where a list belongs turns nothing off.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  // The engine takes white space off each name, and no other text for a name.
  return Array.isArray(list) ? list.filter((name) => typeof name === "string").map((name) => name.trim()) : [];
}
