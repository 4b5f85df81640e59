import { z } from "zod";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { textField } from "../rules/field.js";
import { dnsLabel } from "../rules/names.js";
import { hookAddress } from "../rules/web-address.js";

/**
 * A value, of which the loader keeps whether something may be sent to it, as to an address, and its size in bytes. The
 * value itself reaches the components by another way; no message repeats it, be it a text or something else.
 * @param shape a further check of a text @default - none
 */
export function secretValue(shape: (text: string) => string | undefined = () => undefined) {
  return z.unknown().transform((given, context): { readonly isAddress: boolean; readonly bytes: number } => {
    const message = faultOf(given, shape);
    if (message !== undefined) {
      context.addIssue({ code: "custom", input: undefined, message, params: { fix: "Set it again" } });
      return z.NEVER;
    }
    const text = String(given);
    return { isAddress: hookAddress.check(text) === undefined, bytes: Buffer.byteLength(text) };
  });
}

function faultOf(given: unknown, shape: (text: string) => string | undefined): string | undefined {
  if (given === undefined) return "is missing";
  if (typeof given !== "string") return "must be a text";
  return given === "" ? "is empty" : shape(given);
}

/** The fault of a credential: a line break at its end is what a file or an echo adds, and it would be sent along. */
export function credentialFault(text: string): string | undefined {
  return text.trim() === text ? undefined : "begins or ends with white space";
}

/** Secrets of tenants, as `fleet:secrets` has them, by tenant and by the name by which the tenant's file refers to it. */
export const secretsConfig = z
  .record(textField(dnsLabel), z.record(textField(dnsLabel), secretValue(credentialFault)))
  .default({})
  .meta({ description: "Secrets of tenants, by tenant and name; encrypted." });

/** Settings with secret values, each with the place of one in it, for messages. */
export const SECRET_PLACES: Readonly<Record<string, string>> = {
  secrets: "TENANT.NAME",
  commonSecrets: "NAME.KEY",
  pullSecrets: "NAME.password",
  gitTokens: "NAME.read",
};

/** Stands for an encrypted value. It is an address, because the value of some secrets must be one. */
export const ENCRYPTED_PLACEHOLDER = "https://encrypted.example.com/";

/** Whether a place in a setting holds a secret value. */
export function holdsSecret(setting: string, { length, 1: field }: Path): boolean {
  if (!Object.hasOwn(SECRET_PLACES, setting) || length !== 2) return false;
  return setting !== "pullSecrets" || field === "password";
}

/**
 * The command that sets a secret; it asks for the value, so that no shell keeps it.
 * @param place `secrets.team-payments.slack`
 */
export function setSecretCommand(stack: string, place: string): string {
  return `pulumi config set --stack ${stack} --path --secret ${shellWord(`fleet:${place}`)}`;
}
