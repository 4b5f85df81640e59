import { withoutPasswords } from "../without-passwords.js";
import type { Check } from "./check.js";

/** The engine's backend and a stack in it. */
export interface PulumiFacts {
  /** Login and address of the backend, or the engine's own words. */
  readonly login: { readonly user: string; readonly url: string } | { readonly reason: string };
  /** The stacks of the backend. Undefined when they could not be listed. */
  readonly stacks: readonly { readonly name: string; readonly updateInProgress: boolean }[] | undefined;
  /** Whether the stack's file encrypts by a passphrase. */
  readonly needsPassphrase: boolean;
  readonly hasPassphrase: boolean;
}

/** Whether the backend is ready for `pulumi up` on a stack. */
export function judgePulumi(stack: string, facts: PulumiFacts): readonly Check[] {
  const { login, stacks, needsPassphrase, hasPassphrase } = facts;
  const area = "pulumi";
  if ("reason" in login) {
    const fix = "Run pulumi login, or set PULUMI_BACKEND_URL";
    return [{ area, name: "login", result: "problem", detail: withoutPasswords(login.reason), fix }];
  }
  const found = stacks?.find(({ name }) => name.split("/").at(-1) === stack);
  const loggedIn: Check = {
    area,
    name: "login",
    result: "ok",
    detail: withoutPasswords(`${login.user} at ${login.url}`),
  };
  return [loggedIn, stackCheck(stack, stacks !== undefined, found), passphraseCheck(needsPassphrase, hasPassphrase)];
}

function stackCheck(
  stack: string,
  isListed: boolean,
  found: { readonly updateInProgress: boolean } | undefined,
): Check {
  const check = { area: "pulumi", name: `stack ${stack}` } as const;
  if (!isListed)
    return { ...check, result: "problem", detail: "the backend did not list its stacks", fix: "Run pulumi stack ls" };
  if (found === undefined) {
    const fix = `Run pulumi stack init ${stack}, if this is its first update`;
    return { ...check, result: "warning", detail: "is not in the backend", fix };
  }
  if (!found.updateInProgress) return { ...check, result: "ok", detail: "is in the backend, and not locked" };
  const fix = `Wait for the other update. If none runs any more: pulumi cancel --stack ${stack}`;
  return { ...check, result: "problem", detail: "is locked by another update", fix };
}

function passphraseCheck(isNeeded: boolean, isThere: boolean): Check {
  const check = { area: "pulumi", name: "passphrase" } as const;
  if (!isNeeded) return { ...check, result: "ok", detail: "the stack's file needs none" };
  if (isThere) return { ...check, result: "ok", detail: "is set" };
  const fix = "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE";
  return { ...check, result: "problem", detail: "the stack's file is encrypted by one, and none is set", fix };
}
