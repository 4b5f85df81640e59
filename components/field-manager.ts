import type * as pulumi from "@pulumi/pulumi";

/** Field manager of every Kubernetes object of fleet. */
export const fieldManager = "fleet";

const annotation = "pulumi.com/patchFieldManager";

/**
 * Sets the same field manager on every Kubernetes object below a component.
 *
 * By default, the provider generates a name for each object and keeps it in the stack's state. After a lost state, the
 * next update would use new names. It would conflict with the old ones on every changed field, and never remove a field
 * that the old ones own.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers
 */
export const fixedFieldManager: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (!type.startsWith("kubernetes:")) return undefined;
  const { metadata = {} } = props as { metadata?: { annotations?: Record<string, unknown> } };
  return {
    props: {
      ...props,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [annotation]: fieldManager } },
    },
    opts,
  };
};
