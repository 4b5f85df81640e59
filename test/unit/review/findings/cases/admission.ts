import type { ConsequenceCases } from "./consequence-cases.js";
import { inForce, policy, sharing } from "./objects.js";

/** Changes of admission policies and their bindings. */
export const admissionCases: ConsequenceCases = {
  "an object that an add-on's policy lets tenants share": [
    [sharing("ClusterIssuer/internal")],
    [sharing("ClusterIssuer/letsencrypt,ClusterSecretStore/vault")],
    "gained: tenants may now refer to ClusterIssuer/letsencrypt, ClusterSecretStore/vault",
    "lost: tenants may no longer refer to ClusterIssuer/internal",
  ],
  "an admission policy that only audits": [
    [inForce(["Deny"])],
    [inForce(["Audit", "Warn"])],
    "gained: admission policies refuse nothing any more: p",
  ],
  "an admission policy that is gone": [
    [policy("true"), inForce(["Deny"])],
    [],
    "gained: admission policies removed: p",
  ],
  "an admission policy with other rules and objects": [
    [policy("a"), inForce(["Deny"])],
    [policy("b"), inForce(["Deny"], { matchResources: { namespaceSelector: {} } })],
    "changed: admission policies with other rules: p",
    "changed: admission policies for other objects: p",
  ],
};
