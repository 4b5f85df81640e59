import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

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
