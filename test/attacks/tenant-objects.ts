import type { Fields } from "../support/objects/object.js";
import { gitRepository, gitSource, helmChart } from "../support/objects/sources.js";
import { helmRelease, kustomization } from "../support/objects/syncs.js";
import type { Place } from "./attack.js";

/** A chart that only a foreign server has. */
export const STOLEN = { name: "stolen", version: "1.0.0" } as const;

/** A host that the hostile tenant's file lists. */
export const OWN_HOST = "shop.example.com";
/** All hosts below it, which the hostile tenant's file lists too. */
export const OWN_WILDCARD = `*.${OWN_HOST}`;
/** The host that its neighbour's file lists. */
export const NEIGHBOURS_HOST = "search.example.com";

/** A GitRepository of the tenant's own repository. @param spec in place of its fields */
export function ownRepository(place: Place, spec: Fields = {}) {
  return gitRepository(place, `${place.organisation}/${place.tenant}.git`, spec);
}

/** A Kustomization of the files of an attack, in the tenant's own repository. @param spec in place of its fields */
export function syncOf(place: Place, name: string, spec: Fields = {}) {
  return kustomization(
    { ...place, name },
    {
      retryInterval: "10s",
      targetNamespace: place.namespace,
      sourceRef: gitSource(place.tenant),
      path: `./attacks/${name}`,
      ...spec,
    },
  );
}

/** The chart that the files of an attack are, in the tenant's own repository. */
function chartIn(place: Place, name: string) {
  return { chart: `./attacks/${name}`, interval: "1m", sourceRef: gitSource(place.tenant) };
}

/** A HelmChart of the files of an attack. */
export function chartOf(place: Place, name: string) {
  return helmChart({ ...place, name }, chartIn(place, name));
}

/** A HelmRelease of the files of an attack, as {@link syncOf}. */
export function releaseOf(place: Place, name: string, spec: Fields = {}) {
  return helmRelease(
    { ...place, name },
    {
      chart: { spec: chartIn(place, name) },
      install: { strategy: { name: "RetryOnFailure", retryInterval: "10s" } },
      ...spec,
    },
  );
}
