import type { FleetSpec } from "../config/fleet-spec.js";
import { isPlainObject } from "../lib/data/merge.js";

/**
 * One resource that the program would register on a stack, as plain data. Diffs, rules and golden inventories read these.
 * Options that are the engine's default are absent.
 */
export interface PlannedResource {
  /** Unique together with the type on one stack: `team-payments.payments-quota`. */
  readonly name: string;
  /** Pulumi type: `kubernetes:core/v1:Namespace`, `fleet:flux:Install`. */
  readonly type: string;
  /** Name of the parent. Empty at the top. */
  readonly parent: string;
  /** Tenant whose component registers the resource. @default - the platform registers it */
  readonly tenant?: string;
  /** Names of the resources that it waits for, sorted. */
  readonly dependsOn: readonly string[];
  /** Name of its provider. @default - a component has none */
  readonly provider?: string;
  /** Id under which the engine takes over an existing object. */
  readonly import?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** Name of the resource whose deletion deletes this one. */
  readonly deletedWith?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  readonly timeouts?: Readonly<Record<string, string>>;
  /** Inputs with every output resolved. A {@link SecretMark} stands for each secret. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Stands for the public half of a key pair, which only an update makes. */
export const MADE_UP_KEY = "ssh-ed25519 AAAA";

/** Field of a {@link SecretMark}. No key of a Kubernetes or GitHub object contains a dollar sign. */
const MARK = "$secret";

/** Stands for a secret in plain data. */
export interface SecretMark {
  /**
   * Equal for equal secrets of one recording, and for recordings with the same key. It is neither the value nor a digest
   * of it without that key, which exists for the time of one command. It is never printed. Empty without a key.
   */
  readonly [MARK]: string;
}

/** The mark of a secret. @param mark opaque text that is equal for equal secrets @default "" */
export function secretMark(mark = ""): SecretMark {
  return { [MARK]: mark };
}

/** Whether a value of plain data stands for a secret. */
export function isSecretMark(value: unknown): value is SecretMark {
  return isPlainObject(value) && Object.keys(value).length === 1 && typeof value[MARK] === "string";
}

/** Everything that the program would register on one stack. */
export interface StackPlan {
  readonly stack: string;
  /** Stack that must have run each change before. @default - none */
  readonly promotesFrom?: string;
  /** All resources, sorted by name and type. */
  readonly resources: readonly PlannedResource[];
  /** The stack's settings of Flux that a comparison reads. */
  readonly flux: Pick<FleetSpec["flux"], "version" | "controllerRights">;
  /** Names of the tenants that the cluster runs. */
  readonly tenants: readonly string[];
  /** Names of the teams that the program does not create, by the id that resources refer to. */
  readonly existingTeams: Readonly<Record<string, string>>;
}
