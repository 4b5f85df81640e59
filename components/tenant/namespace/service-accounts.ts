import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { forceFieldOwnership } from "./force-ownership.js";

type Accounts = TenantSpec["serviceAccounts"];

/** Which accounts a namespace gets. */
export interface NamespaceAccountsArgs {
  /** Name of the namespace; known once that is there. */
  readonly namespace: pulumi.Input<string>;
  /** What the tenant's file says of each, by name. */
  readonly accounts: Accounts;
  /** Labels of each. */
  readonly labels: Readonly<Record<string, string>>;
  /** What counts them: until it does, admission refuses what it would count. */
  readonly quota: pulumi.Resource;
}

/**
 * Service accounts for a tenant's pods in one of its namespaces, with what a cloud knows them as. The platform makes
 * them and owns them: who may set such an annotation chooses the identity.
 */
export class NamespaceAccounts extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:NamespaceAccounts", name, {}, opts);
    const { namespace, labels, quota } = args;

    for (const [account, { annotations, automountToken }] of Object.entries(args.accounts)) {
      new k8s.core.v1.ServiceAccount(
        `${name}.${account}-account`,
        {
          metadata: { name: account, namespace, labels, annotations: { ...annotations, ...forceFieldOwnership } },
          automountServiceAccountToken: automountToken,
        },
        { parent: this, dependsOn: [quota] },
      );
    }

    this.registerOutputs();
  }
}

/** Those of a tenant's service accounts that are in one of its namespaces. */
export function accountsIn(namespace: string, { serviceAccounts }: Pick<TenantSpec, "serviceAccounts">): Accounts {
  return Object.fromEntries(Object.entries(serviceAccounts).filter(([, one]) => one.namespace === namespace));
}
