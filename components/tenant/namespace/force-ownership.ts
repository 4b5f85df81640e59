/**
 * Annotation of an object whose name the tenant may already use: the platform takes over the ownership of its fields.
 *
 * Without it, the update would end in a field conflict, so that one tenant could block the updates of all. Flux then
 * reports to the tenant that the object belongs to the platform.
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources
 */
export const forceFieldOwnership = { "pulumi.com/patchForce": "true" };
