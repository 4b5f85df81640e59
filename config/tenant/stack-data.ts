import { mergeOverlay, type PlainObject } from "../../lib/data/merge.js";
import { type DeclaringFiles, objectIn } from "../files/location.js";

/** The data of the files that declare a tenant on one stack alone: the stack's defaults, and the overlay laid over them. */
export function dataOfStack({ defaults, overlay }: Pick<DeclaringFiles, "defaults" | "overlay">): PlainObject {
  return [defaults, overlay].flatMap((file) => (file ? [objectIn(file)] : [])).reduce(mergeOverlay, {});
}
