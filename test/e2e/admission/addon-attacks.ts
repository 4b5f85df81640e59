import type { AddonAttack } from "./addons/addon-attack.js";
import { certManager } from "./addons/cert-manager-attacks.js";
import { databases } from "./addons/databases-attacks.js";
import { externalSecrets } from "./addons/external-secrets-attacks.js";
import { gatewayApi } from "./addons/gateway-api-attacks.js";
import { keda } from "./addons/keda-attacks.js";
import { prometheusOperator } from "./addons/prometheus-operator-attacks.js";
import { sealedSecrets } from "./addons/sealed-secrets-attacks.js";

/** An object for each rule of each add-on, that breaks it and no other. */
export const addonAttacks: readonly AddonAttack[] = [
  ...[...certManager, ...externalSecrets, ...prometheusOperator, ...gatewayApi],
  ...[...sealedSecrets, ...keda, ...databases],
];
