import assert from "node:assert/strict";
import type { AdmissionPolicy } from "../../../policies/admission/cel/policy.js";
import { fixedPolicies, sourcePolicy } from "../../../policies/admission/policies.js";
import { allAddons } from "./addons.js";
import { fleetSpec } from "./spec.js";

/** Every policy of a stack that has all add-ons and a shard. @param admission what the stack says otherwise than by default */
export function policies(admission: Partial<ReturnType<typeof fleetSpec>["admission"]> = {}): AdmissionPolicy[] {
  const platform = { ...fleetSpec().platform, addons: allAddons() };
  const flux = { ...fleetSpec().flux, shards: ["untrusted"] };
  const spec = fleetSpec({ admission: { ...fleetSpec().admission, ...admission }, platform, flux });
  return [...fixedPolicies(spec), sourcePolicy(spec, "git.example.com:2222")];
}

/** The policy of this name. @param all of which, @default those of a stack with nothing but defaults */
export function named(name: string, all = policies()): AdmissionPolicy {
  const found = all.find(({ policy }) => policy.metadata.name === name);
  assert.ok(found, name);
  return found;
}

/** All that a policy says, on one line. */
export const text = ({ policy }: AdmissionPolicy): string => JSON.stringify(policy.spec);
