import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { roleBinding, serviceAccountSubject } from "../../lib/kubernetes/role-binding.js";
import { robotAccount, robotRole, robotToken } from "../../policies/rbac/robot.js";
import { inNamespace, metadataOf, type RegisteredParts } from "./registered-parts.js";

/**
 * The service account of a tenant's CI pipelines, in the primary namespace, and its role binding in each namespace.
 * With `robot.token` in the tenant file it has a token that does not expire.
 */
export class TenantRobot extends pulumi.ComponentResource {
  constructor(name: string, parts: RegisteredParts, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Robot", name, {}, opts);
    const metadata = metadataOf(parts, robotAccount);

    const settings = { metadata, automountServiceAccountToken: false };
    const account = new k8s.core.v1.ServiceAccount(`${name}-account`, settings, inNamespace(parts, this));
    const subjects = [serviceAccountSubject(robotAccount, metadata.namespace)];
    for (const { resourceName, namespace } of parts.resources.namespaces) {
      const bound = metadataOf(parts, robotAccount, namespace.name);
      const binding = roleBinding({ metadata: bound, role: robotRole, subjects });
      const own = inNamespace(parts, this, namespace.name);
      const afterAccount = { ...own, dependsOn: [...own.dependsOn, account] };
      new k8s.rbac.v1.RoleBinding(`${resourceName}-robot-role`, binding, afterAccount);
    }
    if (parts.tenant.robot.token) {
      const annotations = { "kubernetes.io/service-account.name": robotAccount };
      const named = { ...metadata, name: robotToken, annotations };
      const token = { metadata: named, type: "kubernetes.io/service-account-token" };
      // Kubernetes writes the token into the Secret, and the provider reads it back into the state.
      const opts = { parent: this, dependsOn: [account], additionalSecretOutputs: ["data", "stringData"] };
      new k8s.core.v1.Secret(`${name}-token`, token, opts);
    }

    this.registerOutputs();
  }
}
