import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { roleBinding, serviceAccountSubject } from "../../lib/kubernetes/role-binding.js";
import { robotAccount, robotRole } from "../../policies/rbac/robot.js";
import { labelsOf, mustGet, primaryNamespace, type RegisteredParts } from "./registered-parts.js";

/**
 * The service account of a tenant's CI pipelines, in the primary namespace, and its role binding in each namespace.
 *
 * With `robot.token` in the tenant file it has a token that does not expire.
 */
export class TenantRobot extends pulumi.ComponentResource {
  constructor(name: string, args: RegisteredParts, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Robot", name, {}, opts);
    const { namespace } = primaryNamespace(args);
    const labels = labelsOf(args);

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { name: robotAccount, namespace, labels }, automountServiceAccountToken: false },
      { parent: this },
    );
    this.#registerBindings(args, account);
    if (args.tenant.robot.token) this.#registerToken(name, args, account);

    this.registerOutputs();
  }

  #registerBindings(args: RegisteredParts, account: pulumi.Resource): void {
    const subject = serviceAccountSubject(robotAccount, primaryNamespace(args).namespace);
    for (const { resourceName, namespace } of args.resources.namespaces) {
      const { namespace: name } = mustGet(args.namespaces, namespace.name);
      new k8s.rbac.v1.RoleBinding(
        `${resourceName}-robot-role`,
        roleBinding({
          metadata: { name: robotAccount, namespace: name, labels: labelsOf(args) },
          role: robotRole,
          subjects: [subject],
        }),
        { parent: this, dependsOn: [account] },
      );
    }
  }

  #registerToken(name: string, args: RegisteredParts, account: pulumi.Resource): void {
    const metadata = {
      name: `${robotAccount}-token`,
      namespace: primaryNamespace(args).namespace,
      labels: labelsOf(args),
      annotations: { "kubernetes.io/service-account.name": robotAccount },
    };
    new k8s.core.v1.Secret(
      `${name}-token`,
      { metadata, type: "kubernetes.io/service-account-token" },
      // Kubernetes writes the token into the Secret, and the provider reads it back into the state.
      { parent: this, dependsOn: [account], additionalSecretOutputs: ["data", "stringData"] },
    );
  }
}
