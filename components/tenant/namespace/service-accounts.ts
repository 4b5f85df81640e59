import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { forceFieldOwnership } from "../../field-manager.js";
import type { Metadata } from "../registered-parts.js";

type Accounts = TenantSpec["serviceAccounts"];

/** The service accounts of a namespace. */
export interface NamespaceAccountsArgs {
  /** Settings of each account, by its name. */
  readonly accounts: Accounts;
  /** Metadata of an object in the namespace. */
  readonly metadata: (name: string) => Metadata;
  /** Quota that counts the accounts. Until it does, the API server refuses them. */
  readonly quota: pulumi.Resource;
}

/**
 * The service accounts for a tenant's pods in one namespace, with the annotations of their cloud identities.
 * The platform owns them, because the owner of such an annotation chooses the identity.
 */
export class NamespaceAccounts extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:NamespaceAccounts", name, {}, opts);
    const { accounts, metadata, quota } = args;
    for (const [account, { annotations, automountToken }] of Object.entries(accounts)) {
      new k8s.core.v1.ServiceAccount(
        `${name}.${account}-account`,
        {
          metadata: { ...metadata(account), annotations: { ...annotations, ...forceFieldOwnership } },
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
