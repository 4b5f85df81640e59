import type { FleetSpec } from "../../../config/fleet-spec.js";
import { FLUX_NAMESPACE } from "../../../lib/kubernetes/ownership-labels.js";
import { objectIdentity } from "../../../lib/state/stack-state.js";
import { identitiesOf } from "../../../preflight/registered-object.js";
import { registeredObjects } from "../../../preflight/registered-objects.js";
import { assumedGitHub } from "../../../review/record/assumed-github.js";
import { hardenedMadeUpFlux, recordFleet } from "./fleet.js";

/** Identities of the Kubernetes objects that the components register. */
export async function recordedObjects(spec: FleetSpec): Promise<string[]> {
  const secrets = Object.fromEntries(
    spec.tenants.map(({ name }) => [name, { chat: "https://chat.example.com", registry: "made up" }]),
  );
  const { registrations } = await recordFleet(spec, {
    secrets,
    commonSecrets: { proxy: { password: "made up" } },
    pullSecrets: { registry: { password: "made up" } },
    ...assumedGitHub(spec),
  });
  return registrations
    .filter(({ type }) => !type.endsWith("Patch"))
    .flatMap(({ type, inputs }) => {
      const { namespace, ...metadata } = (inputs.metadata ?? {}) as { readonly namespace?: unknown };
      // Objects of the platform have Flux's namespace as an output.
      const place = namespace === undefined || typeof namespace === "string" ? namespace : FLUX_NAMESPACE;
      return objectIdentity(type, { ...metadata, namespace: place }) ?? [];
    })
    .sort();
}

/** Identities of the objects that the preflight checks expect. */
export function listedObjects(spec: FleetSpec): string[] {
  return [...identitiesOf(registeredObjects(spec, hardenedMadeUpFlux(spec)))].sort();
}
