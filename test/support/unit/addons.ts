import type { Addon } from "../../../config/addons/addon.js";
import { offeredAddons } from "../../../config/addons/offered-addons.js";
import { addonsConfig } from "../../../config/stack/addons.js";

/** The settings of a stack that offers every known add-on, and one of its own. */
export const offersEverything = {
  "cert-manager": { shared: ["ClusterIssuer/letsencrypt"], most: { certificates: 7 } },
  "external-secrets": { shared: ["ClusterSecretStore/vault"] },
  flagger: {},
  "gateway-api": { shared: ["Gateway/gateways/public"] },
  keda: {},
  "prometheus-operator": {},
  "sealed-secrets": {},
  databases: {
    purpose: "PostgreSQL databases",
    group: "databases.example.com",
    version: "v1beta1",
    kinds: [
      {
        kind: "Database",
        plural: "databases",
        most: 3,
        namespaces: ["spec.backup.namespace", "spec.replicas[].secretRef.namespace"],
        absent: ["spec.superuser"],
        values: { "spec.class": ["small", "large"] },
        fields: { "spec.extensions[]": ["name"] },
        publicAddresses: ["spec.webhook"],
      },
    ],
  },
} as const;

/** All add-ons, as the program knows them from {@link offersEverything}. */
export function allAddons(): Addon[] {
  return offeredAddons({ addons: addonsConfig.parse(offersEverything), offers: [] });
}
