import { z } from "zod";
import { podStep } from "./controller.js";

const emptyDir = z.strictObject({ medium: z.literal("").exactOptional() });

/**
 * Limits the size of the directories in which controllers store what tenants let them fetch.
 *
 * As released they can fill the node's disk, so that a repository that unpacks without end would evict other tenants'
 * pods. With a limit, the controller itself is evicted and restarts. Flux does not limit the artifact of a Git repository.
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
 */
export const limitStorage = podStep(({ pod: { volumes = [] }, settings, unexpected }) => {
  // Enough for many large repositories.
  const sizeLimit = settings?.volumeSize ?? "5Gi";
  if (!volumes.some((volume) => "emptyDir" in volume)) throw unexpected("expected a volume of the type emptyDir");
  return {
    volumes: volumes.map((volume) => {
      if (!("emptyDir" in volume)) return volume;
      if (emptyDir.safeParse(volume.emptyDir).success) return { ...volume, emptyDir: { sizeLimit } };
      throw unexpected(`expected the volume ${volume.name} to be of any size and on the node's disk`);
    }),
  };
});
