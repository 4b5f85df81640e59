import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { PatchOperation } from "../audit/patch.js";

/** The steps of a retrofit in their order. Each needs those before it. */
export const stepIds = ["accounts", "proof", "syncs", "flags", "adoption", "bindings", "verify"] as const;
/** One of {@link stepIds}. */
export type StepId = (typeof stepIds)[number];

/** Name under which a retrofit writes. Kubernetes notes it as the owner of the fields that it sets. */
export const RETROFIT_MANAGER = "fleet-retrofit";

/** An operation of a JSON patch, or the test that the value is still the one that was read. */
export type TestedOperation = PatchOperation | { readonly op: "test"; readonly path: string; readonly value: unknown };

/** The file of a repository that declares an object: a Kustomization applies it, and reverts other changes. */
export interface GitPlace {
  /** `Kustomization flux-system/flux-system` */
  readonly owner: string;
  /** Its source: `GitRepository flux-system/flux-system`. */
  readonly source: string;
  /** URL of the source. @default - unknown */
  readonly url?: string | undefined;
  /** The folder that it applies: `./clusters/prod`. */
  readonly path: string;
  /** Lines of YAML: an element of `patches` in the kustomization.yaml of that folder. */
  readonly patch: string;
}

/** A change of one object. */
export interface RetrofitChange {
  /** `Kustomization payments/app` */
  readonly object: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  /**
   * `apply`: server-side apply of a whole manifest. `patch`: a JSON patch that tests what was read. `delete`: of a binding
   * alone, with the uid that was read.
   */
  readonly action:
    | { readonly type: "apply"; readonly manifest: KubernetesObject }
    | { readonly type: "patch"; readonly operations: readonly TestedOperation[] }
    | { readonly type: "delete"; readonly uid: string; readonly before: KubernetesObject };
  /** In words: `sets serviceAccountName to reconciler`. */
  readonly detail: string;
  /** Set if a Kustomization owns the object. The change is then made in the file, and never on the cluster. */
  readonly inGit?: GitPlace | undefined;
}

/** A reason why a step cannot be made, and the remedy. */
export interface Obstacle {
  /** `Kustomization payments/app` */
  readonly object: string;
  readonly message: string;
  readonly fix: string;
}

/** A fact that no step changes and that a person must judge. */
export interface RetrofitWarning {
  /** `Kustomization flux-system/flux-system` */
  readonly object: string;
  readonly message: string;
}

/** One step of a retrofit. Its fields are part of the command's interface (docs/operate/retrofit.md). */
export interface RetrofitStep {
  readonly id: StepId;
  readonly title: string;
  readonly why: string;
  /** `done`: the cluster is so already. `open`: can be made. `blocked`: has obstacles, or an earlier step is open. */
  readonly state: "done" | "open" | "blocked";
  /** The changes that are not made yet. */
  readonly changes: readonly RetrofitChange[];
  readonly obstacles: readonly Obstacle[];
  /** In the step `syncs`, in each state: every sync of Flux's namespace without an obstacle. */
  readonly warnings: readonly RetrofitWarning[];
  /** Commands for people, in their order: adoption and verification are other commands. */
  readonly commands: readonly string[];
  /** The check before the step. */
  readonly proof: string;
  /** The way back. */
  readonly undo: string;
}
