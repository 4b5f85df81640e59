import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { robotAccount, robotRole } from "../../policies/rbac/robot.js";

/** A namespace in which a robot may do something. */
interface RobotNamespace {
  /** What the names of its resources start with. */
  readonly resourceName: string;
  readonly name: pulumi.Input<string>;
}

/** Where the account is and has rights, and whether it has a token. */
export interface TenantRobotArgs {
  /** The tenant's namespaces; the account is in the first. */
  readonly namespaces: readonly [RobotNamespace, ...RobotNamespace[]];
  /** Whether the account has a token that never expires. */
  readonly token: boolean;
  /** Labels of everything that it registers. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The account of a tenant's pipelines, and its rights in each of the tenant's namespaces. */
export class TenantRobot extends pulumi.ComponentResource {
  constructor(name: string, args: TenantRobotArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Robot", name, {}, opts);
    const { labels, namespaces } = args;
    const [home] = namespaces;

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { name: robotAccount, namespace: home.name, labels }, automountServiceAccountToken: false },
      { parent: this },
    );
    for (const { resourceName, name: namespace } of namespaces) {
      new k8s.rbac.v1.RoleBinding(
        `${resourceName}-robot-role`,
        {
          metadata: { name: robotAccount, namespace, labels },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: robotRole },
          subjects: [{ kind: "ServiceAccount", name: robotAccount, namespace: home.name }],
        },
        { parent: this, dependsOn: [account] },
      );
    }
    if (args.token) {
      new k8s.core.v1.Secret(
        `${name}-token`,
        {
          metadata: {
            name: `${robotAccount}-token`,
            namespace: home.name,
            labels,
            annotations: { "kubernetes.io/service-account.name": robotAccount },
          },
          type: "kubernetes.io/service-account-token",
        },
        // Kubernetes writes the token into it, and the provider reads it back into the state.
        { parent: this, dependsOn: [account], additionalSecretOutputs: ["data", "stringData"] },
      );
    }

    this.registerOutputs();
  }
}
