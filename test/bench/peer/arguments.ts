/** Lists that Pulumi names in the plural, and OpenTofu in the singular. */
const singular: Readonly<Record<string, string>> = { excludes: "exclude", includes: "include" };

/**
 * Inputs of a Terraform provider's resource under OpenTofu's names: `defaultBranch` → `default_branch`. A wrong name is
 * refused by OpenTofu, which knows the provider's schema.
 * @param template turns each text into OpenTofu's template
 */
export function terraformArguments(value: unknown, template: (text: string) => string): unknown {
  if (typeof value === "string") return template(value);
  if (Array.isArray(value)) return value.map((one) => terraformArguments(one, template));
  if (typeof value !== "object" || value === null) return value;
  // The engine notes there which inputs are the provider's defaults: the same provider adds them again.
  const { __defaults: defaults = [], ...inputs } = value as { readonly __defaults?: readonly string[] };
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => !defaults.includes(name))
      .map(([name, one]) => [singular[name] ?? snakeCase(name), terraformArguments(one, template)]),
  );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
