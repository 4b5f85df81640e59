import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";

/** A rule of a role. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Name of the previewer's account, namespace, role and binding. */
export const previewer = "stack-previewer";

/**
 * The objects that docs/review.md gives for an account that only previews.
 * @param root folder of the checkout
 */
export function previewerObjects(root: string): KubernetesObject[] {
  const page = readFileSync(join(root, "docs/review.md"), "utf8");
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  const objects = blocks.flatMap((block) => parseAllDocuments(block).map((document) => document.toJS() as unknown));
  return objects.filter(isObjectOfPreviewer);
}

function isObjectOfPreviewer(value: unknown): value is KubernetesObject {
  const { metadata } = (value ?? {}) as { readonly metadata?: { readonly name?: unknown } };
  return metadata?.name === previewer;
}
