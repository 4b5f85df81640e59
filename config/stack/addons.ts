/** What a stack's infrastructure can offer to tenants beside Kubernetes and Flux. */
export const ADDONS = ["flagger"] as const;

/** One of {@link ADDONS}. */
export type Addon = (typeof ADDONS)[number];
