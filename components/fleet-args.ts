import type * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { ExistingGitHub } from "../lib/github/existing.js";
import type { KubernetesObject } from "../lib/kubernetes/object.js";
import type { KeyDates } from "../lib/state/key-dates.js";
import type { LastUpdate } from "../lib/state/last-update.js";
import type { Repairs } from "../lib/state/repairs.js";
import type { StatedResource, StateIndex } from "../lib/state/stack-state.js";

/** Values of one tenant's secrets by name. */
export type SecretValues = Readonly<Record<string, string>>;

/** The value of a setting with secrets. The engine hands over null for a setting without value. */
export type SecretSetting = pulumi.Output<Readonly<Record<string, SecretValues>> | null>;

/** The one tenant that an update is limited to, and the last update, whose other parts stay. */
export interface OneTenant {
  readonly name: string;
  readonly last: LastUpdate;
}

/** The tenants that an update leaves as they are. Their outputs and digests stay, too. */
export interface LeftOutTenants {
  readonly names: readonly string[];
  readonly kept: LastUpdate;
}

/** The decisions that are made before the first registration. */
export interface FleetArgs {
  readonly spec: FleetSpec;
  /** The objects of Flux, verified against the lock and hardened. */
  readonly fluxObjects: readonly KubernetesObject[];
  /** The versions of Flux's controllers that the last update left. @default - none */
  readonly formerFlux?: readonly string[] | undefined;
  /** Objects of GitHub that exist before the update. */
  readonly existing: ExistingGitHub;
  /** The resources in the stack's state before the update. */
  readonly state: StateIndex;
  /** The dates of the deploy keys in the state, and the time of the update. */
  readonly keyDates: KeyDates;
  /** Resources of GitHub in the state that another stack, or their owner, manages from now on. */
  readonly handedOver: readonly StatedResource[];
  /** Objects of the cluster that others changed, and that the update takes back or leaves. */
  readonly repairs: Repairs;
  /** Repositories and teams in the state that no file names any more. */
  readonly leaving: readonly StatedResource[];
  /** The tenant that the update is limited to. @default - the whole stack is updated */
  readonly only?: OneTenant | undefined;
  /** The tenants that stay as they are, while everything else is updated. @default - none */
  readonly leftOut?: LeftOutTenants | undefined;
  /** Files of a new platform repository, path → content; see config/platform/seed.ts. */
  readonly platformSeed: Readonly<Record<string, string>>;
  /** Whether GitHub's provider acts as a GitHub App. @default false */
  readonly usesApp?: boolean;
  /** Values of `fleet:commonSecrets` by object and key, as a secret output. @default - there is none */
  readonly commonSecrets?: SecretSetting | undefined;
  /** Values of `fleet:pullSecrets` by credential and field, as a secret output. @default - there is none */
  readonly pullSecrets?: SecretSetting | undefined;
  /** Values of `fleet:gitTokens` by owner and use, as a secret output. @default - there is none */
  readonly gitTokens?: SecretSetting | undefined;
  /** Values of secrets by tenant, as a secret output. @default - no tenant has a secret */
  readonly secrets?: SecretSetting | undefined;
}
