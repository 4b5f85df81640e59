import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { fixedPolicies, sourcePolicy } from "../../policies/admission/policies.js";

/** The settings that the admission policies depend on. */
export interface AdmissionPoliciesArgs {
  readonly spec: FleetSpec;
  /** A clone URL of the organisation: `ssh://git@github.com/acme/platform.git`. */
  readonly cloneUrl: pulumi.Input<string>;
}

/**
 * The ValidatingAdmissionPolicies that restrict tenants beyond RBAC, and their bindings.
 * Every tenant depends on it, so it is created before the first tenant and deleted after the last.
 */
export class AdmissionPolicies extends pulumi.ComponentResource {
  /** The bindings. A policy applies as long as its binding exists. */
  readonly bindings: readonly pulumi.Resource[];

  constructor(name: string, args: AdmissionPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:admission:Policies", name, {}, opts);
    const { spec, cloneUrl } = args;
    const { policy, binding } = sourcePolicy(spec);
    const ofHost = pulumi.output(cloneUrl).apply((url) => sourcePolicy(spec, new URL(url).host).policy.spec);
    const { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } = k8s.admissionregistration.v1;

    this.bindings = [...fixedPolicies(spec), { policy: { ...policy, spec: ofHost }, binding }].map((one) => {
      const { metadata, spec } = one.policy;
      const child = `${name}-${metadata.name.replace(/^fleet-/, "")}`;
      const registered = new ValidatingAdmissionPolicy(child, { metadata, spec }, { parent: this });
      const opts = { parent: this, dependsOn: [registered] };
      return new ValidatingAdmissionPolicyBinding(`${child}-binding`, one.binding, opts);
    });
    this.registerOutputs();
  }
}
