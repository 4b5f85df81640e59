import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { loadFleetSpec } from "../../../config/load.js";
import { isPlainObject } from "../../../lib/data/merge.js";

/** Stands for the values that a stack's file has encrypted: a text, and an address too. */
const madeUpSecret = "https://secret.example.com/made-up";

/** The organisation of stacks whose settings name none. */
const organisation = "acme";

/** Every stack of a folder, by its Pulumi.STACK.yaml, in alphabetical order. */
export function stackNames(root: string): readonly string[] {
  const names = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return names.sort();
}

/** The settings in Pulumi.STACK.yaml as the engine hands them to the program: text, and JSON where structured. */
export function stackConfig(root: string, stack: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings(root, stack))
      .filter(([key]) => key.startsWith("fleet:"))
      .map(([key, value]) => [key.slice("fleet:".length), asText(value)]),
  );
}

/** The secrets of tenants that Pulumi.STACK.yaml has, by tenant and name, with made-up values. */
export function stackSecrets(root: string, stack: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return JSON.parse(stackConfig(root, stack).secrets ?? "{}");
}

/** `pulumi:disable-default-providers` as the engine hands it to the program. */
export function disabledDefaultProviders(root: string, stack: string): string | undefined {
  const value = settings(root, stack)["pulumi:disable-default-providers"];
  return value === undefined ? undefined : asText(value);
}

/** The spec of a stack of the checkout or of the fixtures. GitHub and the cluster are made up. */
export function stackSpec(root: string, stack: string): FleetSpec {
  const config = stackConfig(root, stack);
  return loadFleetSpec({
    root,
    stack,
    config,
    disabledDefaultProviders: disabledDefaultProviders(root, stack),
    environment: {
      GITHUB_TOKEN: "made-up",
      // The stack may name its organisation, and then it must be the same.
      GITHUB_OWNER: config.githubOwner || organisation,
      KUBERNETES_SERVICE_HOST: "10.0.0.1",
    },
  });
}

function settings(root: string, stack: string): Readonly<Record<string, unknown>> {
  const file = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config?: Readonly<Record<string, unknown>>;
  } | null;
  return file?.config ?? {};
}

function asText(value: unknown): string {
  const plain = decrypted(value);
  return typeof plain === "object" ? JSON.stringify(plain) : String(plain);
}

/** With made-up values in the place of `{ secure: … }`. */
function decrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decrypted);
  if (!isPlainObject(value)) return value;
  if (typeof value.secure === "string" && Object.keys(value).length === 1) return madeUpSecret;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, decrypted(field)]));
}
