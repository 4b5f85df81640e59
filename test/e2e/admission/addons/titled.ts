import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import type { Fields, Kind } from "../../../support/objects/object.js";

/** An object with a title, for a test. */
export type Titled = readonly [title: string, object: KubernetesObject];

/** Makes an object with a title, in a namespace. */
export type Of = (title: string, kind: Kind, spec: Fields) => Titled;
