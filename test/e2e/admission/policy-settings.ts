import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { fixedPolicies, sourcePolicy } from "../../../policies/admission/policies.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";
import type { Case, Place } from "./cases.js";

/** Namespace of a tenant. */
export const namespace = "team-a";
/** The tenant, whose organisation has its repositories behind SSH. */
export const place: Place = { namespace, organisation: "ssh://git@github.com/acme" };

/** The policies of a stack on the cluster that the tests of admission share, with one setting after another. */
export class PolicySettings {
  readonly cluster: BareCluster;
  /** The account that applies what the tenant at {@link place} pushes. */
  readonly tenant: DryRun;

  private constructor(cluster: BareCluster, tenant: DryRun) {
    this.cluster = cluster;
    this.tenant = tenant;
  }

  /** Creates the tenant's namespace. */
  static async prepare(): Promise<PolicySettings> {
    const cluster = await bareCluster();
    await prepare(cluster, namespace);
    return new PolicySettings(cluster, new DryRun(await cluster.clients.serviceAccount(namespace, "reconciler")));
  }

  /** The account that applies what a tenant pushes. */
  async tenantOf(one: Place): Promise<DryRun> {
    return new DryRun(await this.cluster.clients.serviceAccount(one.namespace, "reconciler"));
  }

  /** Puts the policies of a stack with these settings into force, where they were not when the last case was tried. */
  async enforce(settings: Partial<FleetSpec["admission"]>, until: readonly Case[]): Promise<void> {
    const spec = fleetSpec({ admission: { ...fleetSpec().admission, ...settings } });
    await enforce(this.cluster, objectsOf([...fixedPolicies(spec), sourcePolicy(spec, "github.com")]));
    for (const one of until) await this.waitFor(one);
  }

  /** Waits until the API server decides on a case as it says. */
  async waitFor(one: Case): Promise<void> {
    await waitFor(async () => isAsSaid(one, await this.tenant.create(one.object)), {
      describe: () => `${one.title} is not ${one.refused === undefined ? "allowed" : "refused"}`,
    });
  }

  /** Tries cases. @param who @default the tenant */
  async check(cases: readonly Case[], who = this.tenant): Promise<void> {
    for (const { title, object, refused } of cases) {
      const said = await who.create(object);
      if (refused === undefined) assert.equal(said, undefined, title);
      else assert.match(said ?? "", refused, title);
    }
  }

  async clear(): Promise<void> {
    await clear(this.cluster);
  }
}

function isAsSaid({ refused }: Case, said: string | undefined): boolean {
  return refused === undefined ? said === undefined : refused.test(said ?? "");
}
