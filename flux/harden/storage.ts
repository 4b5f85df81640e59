import { z } from "zod";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { managerOf, mapDeployments } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "storage";

/** What a controller's directory may hold where the stack does not say otherwise: many large repositories. */
export const DEFAULT_SIZE_LIMIT = "5Gi";

const emptyDir = z.strictObject({ medium: z.literal("").exactOptional() });

/**
 * Bounds the directories in which controllers keep what tenants have them fetch.
 *
 * As released they are as large as the node's disk, which every pod of the node lives from: whoever pushes a repository
 * that unpacks without end has other tenants' pods evicted. With a bound it is the controller that is evicted and
 * starts anew. Nothing of Flux's bounds the artifact of a Git repository by itself.
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
 */
export function limitStorage(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapDeployments(objects, (deployment) => {
    const { name } = managerOf(deployment, context, step);
    const fail = (message: string) => unexpectedManifest(context, step, objectName(deployment), message);
    const { controllers } = context.settings;
    const sizeLimit = controllers[name as keyof typeof controllers]?.volumeSize ?? DEFAULT_SIZE_LIMIT;
    const { template } = deployment.spec;
    const { volumes = [] } = template.spec;
    if (!volumes.some((volume) => "emptyDir" in volume)) throw fail("expected a volume of the type emptyDir");
    const bounded = volumes.map((volume) => {
      if (!("emptyDir" in volume)) return volume;
      if (!emptyDir.safeParse(volume.emptyDir).success) {
        throw fail(`expected the volume ${volume.name} to be of any size and on the node's disk`);
      }
      return { ...volume, emptyDir: { sizeLimit } };
    });
    const spec = { ...template.spec, volumes: bounded };
    return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } };
  });
}
