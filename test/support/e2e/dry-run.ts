import assert from "node:assert/strict";
import { ApiException, type KubeConfig, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Reference } from "../objects/object.js";

/**
 * Someone at the API server who only asks what would become of a request: everything is judged as if it were real, and
 * nothing is stored.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export class DryRun {
  readonly #api: KubernetesObjectApi;

  constructor(who: KubeConfig) {
    this.#api = KubernetesObjectApi.makeApiClient(who);
  }

  /** @returns the words of the refusal; undefined when it would be created */
  create(object: KubernetesObject): Promise<string | undefined> {
    return refusal(this.#api.create(object, undefined, "All"));
  }

  /** @param change merged into the object. @returns as {@link create} */
  change(reference: Reference, change: object): Promise<string | undefined> {
    const { apiVersion, kind, metadata } = reference;
    const changed = "metadata" in change ? (change.metadata as object) : {};
    const { name, namespace = "" } = metadata;
    const patch = { ...change, apiVersion, kind, metadata: { ...changed, name, namespace } };
    return refusal(this.#api.patch(patch, undefined, "All", undefined, undefined, PatchStrategy.MergePatch));
  }

  /** @returns as {@link create} */
  remove(reference: Reference): Promise<string | undefined> {
    return refusal(this.#api.delete(reference, undefined, "All"));
  }
}

/**
 * The message of the API server about a forbidden request; undefined when it was allowed.
 * @throws any other failure
 */
export async function refusal(request: Promise<unknown>): Promise<string | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== 403) throw error;
    const body: unknown = typeof error.body === "string" ? JSON.parse(error.body) : error.body;
    return (body as { message: string }).message;
  }
}

/** Asserts that the API server forbids a request, in these words. */
export async function assertForbidden(request: Promise<unknown>, message: RegExp): Promise<void> {
  assert.match((await refusal(request)) ?? "It is allowed.", message);
}
