import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Manifest } from "../manifests.js";

/** Annotation by which Pulumi waits for a condition: `condition=Ready`. */
const waitAnnotation = "pulumi.com/waitFor";

/** Groups of Flux, whose objects have finalizers: their controllers must see them go. */
const fluxGroup = /\.toolkit\.fluxcd\.io\//;

/**
 * The arguments of a `kubectl_manifest`: the object as the program sends it, and as it removes it.
 * @param patch whether the program only changes fields of an object that Kubernetes makes itself
 * @param template turns each text into OpenTofu's template
 */
export function manifestBlock(
  { object, patch }: Manifest,
  template: (text: string) => string,
): Record<string, unknown> {
  return {
    yaml_body: JSON.stringify(object, (_, value: unknown) => (typeof value === "string" ? template(value) : value)),
    server_side_apply: true,
    force_conflicts: true,
    // The object stays when its patch goes.
    ...(patch ? { apply_only: true } : {}),
    // The provider looks every ten seconds whether an object is gone. So it waits only where the order needs it.
    ...(fluxGroup.test(object.apiVersion) ? { wait: true } : {}),
  };
}

/**
 * The `terraform_data` that waits for an object as Pulumi does. The provider has no such option, so kubectl waits, as in
 * many configurations.
 * @param address address of the object's block
 * @returns `undefined` for an object that the program does not wait for
 */
export function waitingBlock(
  { apiVersion, kind, metadata }: KubernetesObject,
  address: string,
): Record<string, unknown> | undefined {
  const condition = metadata.annotations?.[waitAnnotation];
  if (condition === undefined) return undefined;
  const [group = "", version = ""] = apiVersion.split("/");
  const object = `${kind}.${version}.${group}/${metadata.name}`;
  const command = `kubectl wait --for=${condition} --timeout=6m --namespace=${metadata.namespace ?? "default"} ${object}`;
  return { depends_on: [address], provisioner: [{ "local-exec": { command, quiet: true } }] };
}
