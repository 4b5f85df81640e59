/**
 * Annotation of an object whose name the tenant may have given to one of its own before: the platform's wins.
 *
 * Otherwise the update would end in a conflict over fields, and one tenant could stop the whole platform's. What Flux
 * then says of the tenant's own is that the object is the platform's.
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources
 */
export const forceFieldOwnership = { "pulumi.com/patchForce": "true" };
