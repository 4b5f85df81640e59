import { CustomObjectsApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { apiVersionOf, type Kind, plural } from "../objects/object.js";
import type { KubernetesClients } from "./kubernetes-clients.js";
import { waitFor } from "./wait-for.js";

/** A kind of Flux's that tests look at. */
export type FluxKind = Extract<
  Kind,
  | "GitRepository"
  | "HelmRelease"
  | "HelmRepository"
  | "ImagePolicy"
  | "ImageRepository"
  | "ImageUpdateAutomation"
  | "Kustomization"
  | "OCIRepository"
>;

/** Which object of Flux's. */
export interface FluxReference {
  readonly kind: FluxKind;
  readonly namespace: string;
  readonly name: string;
}

/** A condition as Kubernetes writes it. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** An object of Flux's, as far as tests look at it. */
export interface FluxObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly generation: number;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly spec: {
    readonly url?: string;
    readonly serviceAccountName?: string;
    readonly secretRef?: { readonly name: string };
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly artifact?: { readonly revision: string };
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    /** The image that an ImagePolicy has chosen. */
    readonly latestRef?: { readonly name: string; readonly tag: string };
    readonly history?: readonly { readonly firstReconciled: string; readonly lastReconciledStatus: string }[];
  };
}

/** Flux's objects on one cluster, as the administrator sees them. */
export class FluxObjects {
  readonly #api: CustomObjectsApi;

  constructor(kubernetes: KubernetesClients) {
    this.#api = kubernetes.client(CustomObjectsApi);
  }

  /** @throws when it does not exist */
  async get({ kind, namespace, name }: FluxReference): Promise<FluxObject> {
    return (await this.#api.getNamespacedCustomObject({ ...served(kind), namespace, name })) as FluxObject;
  }

  /** Those of one kind in every namespace. @param labelSelector as kubectl takes it. @default all */
  async list(kind: FluxKind, labelSelector?: string): Promise<readonly FluxObject[]> {
    const selector = labelSelector === undefined ? {} : { labelSelector };
    const list = (await this.#api.listCustomObjectForAllNamespaces({ ...served(kind), ...selector })) as {
      items: FluxObject[];
    };
    return list.items;
  }

  /**
   * Has Flux look now instead of at the next interval.
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#triggering-a-reconcile
   */
  async reconcileNow({ kind, namespace, name }: FluxReference): Promise<void> {
    const annotations = { "reconcile.fluxcd.io/requestedAt": new Date().toISOString() };
    await this.#api.patchNamespacedCustomObject(
      { ...served(kind), namespace, name, body: { metadata: { annotations } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  }

  /**
   * Waits until an object satisfies a condition.
   * @param timeout ms. @default 3 minutes
   * @returns the object as it was then
   */
  waitFor(reference: FluxReference, holds: (object: FluxObject) => boolean, timeout = 180_000): Promise<FluxObject> {
    let last: FluxObject | undefined;
    return waitFor(
      async () => {
        last = await this.get(reference);
        return holds(last) && last;
      },
      { timeout, describe: () => `${Object.values(reference).join(" ")}: ${JSON.stringify(last?.status)}` },
    );
  }

  /**
   * Waits until an object is refused for good reason: Ready is False, and its message says why.
   * @returns the message
   */
  async waitForRefusal(reference: FluxReference, reason: RegExp): Promise<string> {
    const refused = await this.waitFor(reference, (object) => {
      const condition = ready(object);
      return condition?.status === "False" && reason.test(condition.message);
    });
    return ready(refused)?.message ?? "";
  }
}

/** Where the API serves the objects of a kind. */
function served(kind: FluxKind) {
  const [group = "", version = ""] = apiVersionOf(kind).split("/");
  return { group, version, plural: plural(kind) };
}

/** The Ready condition, when it is about the object as it is now. */
export function ready({ metadata, status }: FluxObject): Condition | undefined {
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  return condition?.observedGeneration === metadata.generation ? condition : undefined;
}

/** Whether the object, as it is now, is Ready. */
export function isReady(object: FluxObject): boolean {
  return ready(object)?.status === "True";
}
