import { z } from "zod";
import { textField } from "../rules/field.js";
import { dnsLabel } from "../rules/names.js";
import { hookAddress } from "../rules/web-address.js";

/**
 * A value, of which the loader keeps whether something may be sent to it, as to an address. The value itself reaches the
 * components by another way; no message repeats it, be it a text or something else.
 */
const value = z.unknown().transform((given, context): { readonly isAddress: boolean } => {
  const message = valueFault(given);
  if (message !== undefined) {
    context.addIssue({ code: "custom", input: undefined, message, params: { fix: "Set it again" } });
    return z.NEVER;
  }
  return { isAddress: typeof given === "string" && hookAddress.check(given) === undefined };
});

function valueFault(given: unknown): string | undefined {
  if (typeof given !== "string") return "must be a text";
  if (given === "") return "is empty";
  // A line break at its end is what a file or an echo adds; Flux would send it along.
  return given.trim() === given ? undefined : "begins or ends with white space";
}

/** Secrets of tenants, as `fleet:secrets` has them, by tenant and by the name by which the tenant's file refers to it. */
export const secretsConfig = z
  .record(textField(dnsLabel), z.record(textField(dnsLabel), value))
  .default({})
  .meta({ description: "Secrets of tenants, by tenant and name; encrypted." });

/**
 * The command that sets a secret; it asks for the value, so that no shell keeps it.
 * @param name `team-payments.slack`
 */
export function setSecretCommand(stack: string, name: string): string {
  return `pulumi config set --stack ${stack} --path --secret fleet:secrets.${name}`;
}
