import { objectsOf, placeOf } from "../audit/audited-cluster.js";
import { isFlagOn } from "../audit/flux-controllers.js";
import { followers, foreignReferences } from "../audit/judge-references.js";
import type { RetrofitFacts } from "./facts.js";
import type { Obstacle } from "./step.js";

/** Objects of Flux that are no syncs, and whose references `--no-cross-namespace-refs` refuses. */
const referrers = ["Alert", "Receiver", "ImagePolicy", "ImageUpdateAutomation"] as const;

/** References that work until a controller gets its flag: an alert about other namespaces, for example, would fall silent. */
export function referrerObstacles({ cluster, controllers }: RetrofitFacts): Obstacle[] {
  return referrers.flatMap((kind) => {
    const controller = followers[kind];
    const isRunning = controllers.some(({ component }) => component === controller);
    if (!isRunning || isFlagOn(controllers, controller, "no-cross-namespace-refs")) return [];
    return objectsOf(cluster, kind).flatMap((one) => {
      return foreignReferences(one).map(({ path, name, namespace = "" }): Obstacle => {
        const field = path.slice("/spec/".length).replaceAll("/", ".");
        return {
          object: `${kind} ${placeOf(one.object.metadata)}`,
          message: `${field} leads to ${namespace}/${name}, which --no-cross-namespace-refs refuses`,
          fix: `Create an object of this kind in ${namespace}, and remove ${field}`,
        };
      });
    });
  });
}
