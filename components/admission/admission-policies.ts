import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AdmissionPolicy } from "../../policies/admission/cel/policy.js";
import { type AdmissionSpec, fixedPolicies, sourcePolicy } from "../../policies/admission/policies.js";

/** The settings that the admission policies depend on. */
export interface AdmissionPoliciesArgs {
  /** The stack's settings, and its tenants. */
  readonly spec: AdmissionSpec;
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
    const sources = pulumi.output(cloneUrl).apply((url) => sourcePolicy(spec, new URL(url).host).policy.spec);
    this.bindings = [
      ...fixedPolicies(spec).map((policy) => this.#register(name, policy)),
      this.#register(name, sourcePolicy(spec), sources),
    ];
    this.registerOutputs();
  }

  /** @param spec spec of the policy, if it is an output @default the one in `policy` */
  #register(
    name: string,
    { policy: { metadata, spec: fixed }, binding }: AdmissionPolicy,
    spec: pulumi.Input<AdmissionPolicy["policy"]["spec"]> = fixed,
  ): pulumi.Resource {
    const child = `${name}-${metadata.name.replace(/^fleet-/, "")}`;
    const { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } = k8s.admissionregistration.v1;
    const policy = new ValidatingAdmissionPolicy(child, { metadata, spec }, { parent: this });
    return new ValidatingAdmissionPolicyBinding(`${child}-binding`, binding, { parent: this, dependsOn: [policy] });
  }
}
