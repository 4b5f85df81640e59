import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import type { Place, Sent } from "./attack.js";
import { type ApiRequest, create } from "./request.js";

/** An attempt that is one request. */
export function sends(request: (place: Place) => ApiRequest): (place: Place) => Sent {
  return (place) => ({ kind: "request", request: request(place) });
}

/** An attempt that creates one object. */
export function creates(object: (place: Place) => KubernetesObject): (place: Place) => Sent {
  return sends((place) => create(object(place)));
}
