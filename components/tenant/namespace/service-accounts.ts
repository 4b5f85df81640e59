import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { forceFieldOwnership } from "./force-ownership.js";

type Accounts = TenantSpec["serviceAccounts"];

/** The service accounts of a namespace. */
export interface NamespaceAccountsArgs {
  /** Name of the namespace, known once it exists. */
  readonly namespace: pulumi.Input<string>;
  /** Settings of each account, by its name. */
  readonly accounts: Accounts;
  /** Labels of every account. */
  readonly labels: Readonly<Record<string, string>>;
  /** Quota that counts the accounts. Until it does, the API server refuses them. */
  readonly quota: pulumi.Resource;
}

/**
 * The service accounts for a tenant's pods in one namespace, with the annotations of their cloud identities.
 *
 * The platform owns them, because the owner of such an annotation chooses the identity.
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

/** The service accounts that a tenant file declares in one namespace. */
export function accountsIn(namespace: string, { serviceAccounts }: Pick<TenantSpec, "serviceAccounts">): Accounts {
  return Object.fromEntries(Object.entries(serviceAccounts).filter(([, one]) => one.namespace === namespace));
}
