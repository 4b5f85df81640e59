import type { Changes } from "./checkout-tree.js";

/** Base file of the tenant. */
export const base = "stacks/base/tenants/team-a.yaml";
/** Its overlay on the stack. */
export const overlay = "stacks/staging/tenants/team-a.yaml";
/** Settings of a stack that can update images. */
export const config = { extraComponents: ["image-reflector-controller", "image-automation-controller"] };

/** The protection that closes the default branch to keys. */
export const pullRequests = { protection: { pullRequest: true } };

/** A stack that can update images, and an overlay that asks for it. @param repository the tenant's first */
export function asking(
  automation: unknown,
  rest: Readonly<Record<string, unknown>> = {},
  repository: Readonly<Record<string, unknown>> = pullRequests,
): Changes {
  return {
    config,
    files: {
      [base]: JSON.stringify({ name: "team-a", repository }),
      [overlay]: JSON.stringify({ imageAutomation: automation, ...rest }),
    },
  };
}
/** An image. */
export const shop = { image: "ghcr.io/acme/shop", range: "~1.4" };
/** An overlay that asks for the updates of one image, with these fields. */
export const withImage = (image: Readonly<Record<string, unknown>>) =>
  asking({ images: { shop: { ...shop, ...image } } });
