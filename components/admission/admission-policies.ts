import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { AdmissionPolicy } from "../../policies/admission/cel/policy.js";
import { type AdmissionSpec, fixedPolicies, sourcePolicy } from "../../policies/admission/policies.js";

/** What the policies depend on. */
export interface AdmissionPoliciesArgs {
  /** What of the stack's settings and tenants the policies say. */
  readonly spec: AdmissionSpec;
  /** A clone URL as the program gives it to sources: `ssh://git@github.com/acme/platform.git`. */
  readonly cloneUrl: pulumi.Input<string>;
}

/**
 * What tenants may not do whatever their rights say, refused by the API server itself.
 *
 * Everything of a tenant's on the cluster depends on it: so it is there before a tenant is, and goes after the last.
 */
export class AdmissionPolicies extends pulumi.ComponentResource {
  /** The bindings: a policy is in force while its binding exists. */
  readonly bindings: readonly pulumi.Resource[];

  constructor(name: string, args: AdmissionPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:admission:Policies", name, {}, opts);
    const { spec, cloneUrl } = args;

    const sources = pulumi.output(cloneUrl).apply((url) => sourcePolicy(spec, new URL(url).host).policy.spec);
    this.bindings = [
      ...fixedPolicies(spec).map((policy) => this.register(name, policy)),
      this.register(name, sourcePolicy(spec), sources),
    ];

    this.registerOutputs();
  }

  /** @param spec what the policy says, where that is known only later. @default what `policy` says */
  private register(
    name: string,
    { policy, binding }: AdmissionPolicy,
    spec: pulumi.Input<AdmissionPolicy["policy"]["spec"]> = policy.spec,
  ): pulumi.Resource {
    const child = `${name}-${policy.metadata.name.replace(/^fleet-/, "")}`;
    const registered = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
      child,
      { metadata: policy.metadata, spec },
      { parent: this },
    );
    return new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(`${child}-binding`, binding, {
      parent: this,
      dependsOn: [registered],
    });
  }
}
