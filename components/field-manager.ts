import type * as pulumi from "@pulumi/pulumi";

import { FIELD_MANAGER } from "../lib/kubernetes/ownership-labels.js";

/**
 * Sets the same field manager on every Kubernetes object below a component. By default, the provider generates a name
 * for each object and keeps it in the state. After a lost state, the next update would use new names: it would conflict
 * with the old ones on every changed field, and never remove a field that the old ones own.
 *
 * The fields that the program sets are its own: every update takes them over by force. Without that, a client that
 * changed one of them would block all updates by a field conflict, so that one tenant or one repair by hand could block
 * the updates of all.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources
 */
export const fixedFieldManager: pulumi.ResourceTransformation = (resource) => {
  const managed = withAnnotation(resource, "pulumi.com/patchFieldManager", FIELD_MANAGER);
  return managed && withAnnotation({ ...resource, ...managed }, "pulumi.com/patchForce", "true");
};

/**
 * Deletes every Kubernetes object below a component in the background, except workloads. The provider's default is the
 * foreground: then the object stays, and stays in force, until the last dependent that names it as an owner and blocks
 * its deletion is gone. A tenant writes such dependents: it could keep a revoked role binding. The pods of a workload
 * are the platform's, and end before the deletion of the objects that they use.
 * @see https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumicomdeletionpropagationpolicy
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion
 */
export const backgroundDeletion: pulumi.ResourceTransformation = ({ type, props, opts }) =>
  type.startsWith("kubernetes:apps/")
    ? undefined
    : withAnnotation({ type, props, opts }, "pulumi.com/deletionPropagationPolicy", "background");

/** Adds an annotation to a Kubernetes object; undefined for a resource of another provider. */
export function withAnnotation(
  { type, props, opts }: Pick<pulumi.ResourceTransformationArgs, "type" | "props" | "opts">,
  name: string,
  value: string,
): pulumi.ResourceTransformationResult | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  const { metadata = {} } = props as { metadata?: { annotations?: Record<string, unknown> } };
  const annotations = { ...metadata.annotations, [name]: value };
  return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
}
