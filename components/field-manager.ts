import type * as pulumi from "@pulumi/pulumi";

/** Name under which this program owns fields of Kubernetes objects. */
export const fieldManager = "fleet";

const annotation = "pulumi.com/patchFieldManager";

/**
 * Lets every Kubernetes object below a component be applied under one fixed name.
 *
 * The provider otherwise makes up a name for each object and keeps it in the stack's state. When that state is lost,
 * the next update would meet its own former self as a stranger: conflicts on every field that changes, and fields that
 * are never removed because the stranger still holds them.
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
