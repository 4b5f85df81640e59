/** What a stack's infrastructure can offer to tenants beside Kubernetes and Flux. */
export const OFFERS = ["flagger"] as const;

/** One of {@link OFFERS}. */
export type Offer = (typeof OFFERS)[number];
