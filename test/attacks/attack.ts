import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { Reference } from "../support/objects/object.js";
import type { BenchmarkId } from "./benchmarks.js";
import type { BuiltInControl, ControlId, SwitchableControl } from "./controls.js";
import type { ApiRequest } from "./request.js";

/** The aims of attacks. */
export const CATEGORIES = ["escalation", "crossing", "tampering", "escape", "flooding", "supply chain", "Git"] as const;

/** See {@link CATEGORIES}. */
export type Category = (typeof CATEGORIES)[number];

/** The credentials that a hostile tenant can hold. */
export const CREDENTIALS = {
  push: "a push to its repository",
  reconciler: "the token of its reconciler",
  robot: "the token of its CI robot",
  pod: "the token of a pod",
  key: "its deploy key",
  "write-key": "the key of its image automation",
  controller: "a stolen token of notification-controller",
} as const;

/** See {@link CREDENTIALS}. */
export type Credential = keyof typeof CREDENTIALS;

/** Names of the stack that is attacked. */
export interface Place {
  /** The hostile tenant: its name, and that of its GitRepository and Kustomization. */
  readonly tenant: string;
  readonly namespace: string;
  /** The tenant beside it: its name, and that of its namespace, source and sync. */
  readonly neighbour: string;
  /** `ssh://git@HOST:PORT/OWNER`: what clone URLs of the organisation begin with. */
  readonly organisation: string;
  /** GitHub over HTTP, with a slash at its end. */
  readonly gitHub: string;
  /** URL of the API server. */
  readonly apiServer: string;
  /** Certificate of the API server's authority, in base64. */
  readonly apiCertificate: string;
  /** A file outside of everything that is Flux's; it exists only when an attack has made it. */
  readonly trace: string;
  /** Path of a file that only Flux's controllers can read. */
  readonly secretFile: string;
  /** URL of the server that stolen data is sent to. */
  readonly exfiltrationServer: string;
}

/** A request to the API server, sent as a dry run: the API server checks it, and stores nothing. */
export interface Sent {
  readonly kind: "request";
  readonly request: ApiRequest;
  /** Objects that the tenant's reconciler really creates first: they are allowed. @default none */
  readonly first?: readonly KubernetesObject[];
  /** The quota that must have counted all of those before the request is sent. @default none */
  readonly counted?: Counted;
}

/** A number that a quota keeps. */
export interface Counted {
  /** Name of the quota. */
  readonly quota: string;
  /** The counted resource, as the quota names it. */
  readonly resource: string;
}

/** An object of Flux's that the tenant's reconciler applies, as it does with what the tenant pushes. */
export interface Synced {
  readonly kind: "sync";
  readonly object: KubernetesObject;
  /** Files in the tenant's repository, below `attacks/ID/`. @default none */
  readonly files?: Readonly<Record<string, string | Link>>;
  /** Other objects that it needs, all of them allowed. @default none */
  readonly beside?: readonly KubernetesObject[];
  /**
   * The proof that the attack has gone through: an object, the file {@link Place.trace}, its own Ready, or the content of
   * {@link Place.secretFile} at {@link Place.exfiltrationServer}.
   */
  readonly evidence: Reference | "trace" | "ready" | "secretFile";
}

/** A symbolic link in a repository. */
export interface Link {
  readonly link: string;
}

/** A Deployment that the tenant's reconciler makes and that gets no pods; its condition `ReplicaFailure` says why. */
export interface Deployed {
  readonly kind: "deployment";
  readonly object: KubernetesObject;
}

/** A pushed manifest that the tenant's root sync applies; the refusal stands in its status. */
export interface Pushed {
  readonly kind: "push";
  readonly object: KubernetesObject;
}

/** A deploy key that the tenant has. */
export type KeyName = "own" | "write" | "removed";

/** A use of a deploy key. */
export interface GitUse {
  readonly kind: "git";
  readonly use: "push" | "force-push" | "push-tag" | "clone";
  /** `tenant`, `neighbour`: that repository; `platform`: the platform's. */
  readonly repository: "tenant" | "neighbour" | "platform";
  /** The key that its sync reads with, the one that its image automation pushes with, or one that was removed. @default own */
  readonly key?: KeyName;
}

/** Something of notification-controller's that concerns the neighbour; see `harness/notifications.ts`. */
export interface Notified {
  readonly kind: "alert" | "receiver";
}

/** How an attack is carried out. */
export type Attempt = Sent | Synced | Deployed | Pushed | GitUse | Notified;

/** A control, and the message that the tenant reads when it stops the attack. */
export interface Layer<Id extends ControlId = ControlId> {
  readonly control: Id;
  readonly message: RegExp;
}

interface AttackFacts {
  /** Unique; with it, objects are named. */
  readonly id: string;
  /** The attack as a sentence without subject: "reads the neighbour's Secrets". */
  readonly title: string;
  readonly category: Category;
  readonly by: Credential;
  /** The check of the Kubernetes multi-tenancy benchmarks that it is. @default none */
  readonly benchmark?: BenchmarkId;
  readonly attempt: (place: Place) => Attempt;
}

/**
 * An attack of a hostile tenant, as data.
 *
 * `stoppedBy` lists every control that stops the attack, in the order in which it meets them. The tenant reads the
 * message of the first. The suite removes them one after the other: each time the next one refuses the attack, and after
 * the last one it succeeds.
 */
export interface SwitchedAttack extends AttackFacts {
  readonly stoppedBy: readonly [Layer<SwitchableControl>, ...Layer<SwitchableControl>[]];
}

/** An attack that is stopped by a control which cannot be removed, because it is built into Flux or Kubernetes. */
export interface BuiltInAttack extends AttackFacts {
  readonly stoppedBy: readonly [Layer<BuiltInControl>];
  /** The same attempt without the refused part. It succeeds, which shows that no other part was refused. */
  readonly counterpart: (place: Place) => Attempt;
}

/** See {@link SwitchedAttack} and {@link BuiltInAttack}. */
export type Attack = SwitchedAttack | BuiltInAttack;

/** Whether every control that stops an attack can be removed. */
export function isSwitched(attack: Attack): attack is SwitchedAttack {
  return !("counterpart" in attack);
}

/** An attack as the catalogue declares it: {@link attacksOf} adds its category, and by default its credential. */
export type DeclaredAttack = Declared<SwitchedAttack> | Declared<BuiltInAttack>;

type Declared<One extends Attack> = Omit<One, "by" | "category"> & Partial<Pick<One, "by" | "category">>;

/** Attacks of one category, carried out with the token of the reconciler if they name no other credential. */
export function attacksOf(category: Category, declared: readonly DeclaredAttack[]): readonly Attack[] {
  return declared.map((one) => ({ category, by: "reconciler", ...one }));
}
