import { z } from "zod";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { managerOf, mapDeployments } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "storage";

/** The default size limit of a controller's directory: enough for many large repositories. */
export const DEFAULT_SIZE_LIMIT = "5Gi";

const emptyDir = z.strictObject({ medium: z.literal("").exactOptional() });

/**
 * Limits the size of the directories in which controllers store what tenants let them fetch.
 *
 * As released they can fill the node's disk, which all pods of the node share: a repository that unpacks without end
 * would evict other tenants' pods. With a limit, the controller itself is evicted and restarts. Flux itself does not
 * limit the artifact of a Git repository.
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
