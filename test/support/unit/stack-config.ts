import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Every stack of the checkout, by its Pulumi.STACK.yaml, in alphabetical order: a fork has others than these. */
export function stackNames(root: string): readonly string[] {
  const names = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return names.sort();
}

/** The settings in Pulumi.STACK.yaml as the engine hands them to the program: text, and JSON where structured. */
export function stackConfig(root: string, stack: string): Record<string, string> {
  const { config } = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith("fleet:"))
      .map(([key, value]) => [
        key.slice("fleet:".length),
        typeof value === "object" ? JSON.stringify(value) : String(value),
      ]),
  );
}
