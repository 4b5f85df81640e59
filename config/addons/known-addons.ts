import type { Addon, KnownAddon } from "./addon.js";
import { certManager } from "./known/cert-manager.js";
import { externalSecrets } from "./known/external-secrets.js";
import { flagger } from "./known/flagger.js";
import { gatewayApi } from "./known/gateway-api.js";
import { keda } from "./known/keda.js";
import { prometheusOperator } from "./known/prometheus-operator.js";
import { sealedSecrets } from "./known/sealed-secrets.js";

/** The add-ons that come with the project, by name. */
export const KNOWN_ADDONS: ReadonlyMap<string, KnownAddon> = new Map(
  [certManager, externalSecrets, flagger, gatewayApi, keda, prometheusOperator, sealedSecrets].map((addon) => [
    addon.name,
    addon,
  ]),
);

/** Other names by which tenant files may ask for an add-on: those of its use. */
const ALIASES: ReadonlyMap<string, string> = new Map([["monitoring", "prometheus-operator"]]);

/**
 * The add-on that a tenant file means by a name. A stack's own add-on of that name comes first.
 * @param offered names of the add-ons that the stack offers
 */
export function meantAddon(name: string, offered: readonly string[]): string {
  return offered.includes(name) ? name : (ALIASES.get(name) ?? name);
}

/**
 * A known add-on with the settings of a stack.
 * @param most amounts of objects by plural, in place of its own
 */
export function knownAddon(
  { sharedKinds: _kinds, annotations: _annotations, kinds, ...addon }: KnownAddon,
  {
    shared = [],
    most = {},
  }: { readonly shared?: readonly string[]; readonly most?: Readonly<Record<string, number>> } = {},
): Addon {
  const amounts = new Map(Object.entries(most));
  const counted = kinds.map((kind) => {
    const amount = amounts.get(kind.plural);
    return amount === undefined ? kind : { ...kind, most: amount };
  });
  return { ...addon, kinds: counted, shared };
}
