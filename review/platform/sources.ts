import { type BuiltObject, type Fault, groupOf, objectId, textOf } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

/** The schemes of addresses, by the kind of the source. */
const schemes: Readonly<Record<string, RegExp>> = {
  HelmRepository: /^(?:https|oci):\/\//,
  OCIRepository: /^oci:\/\//,
  GitRepository: /^(?:https|ssh):\/\//,
};

/** Connections to the sources of the platform. */
export const sources: PlatformRule = {
  name: "platform-sources",
  level: "mandatory",
  title: "each source in fleet/ is fetched by https, ssh or OCI, with encryption",
  reason: "on the way of a plain connection, anyone can put another chart in the place of the platform's",
  fix: "write an https, ssh or oci address, and remove insecure",
  violations: ({ objects }) =>
    objects.filter((object) => groupOf(object) === "source.toolkit.fluxcd.io").flatMap(connectionFaults),
};

function connectionFaults(object: BuiltObject): Fault[] {
  const id = objectId(object);
  const [kind, url] = [textOf(object, "kind"), textOf(object, "spec", "url")];
  const scheme = Object.hasOwn(schemes, kind) ? schemes[kind] : undefined;
  const plain: Fault[] =
    scheme === undefined || scheme.test(url)
      ? []
      : [{ resource: id, place: object.placeOf(["spec", "url"]), message: `${id} fetches ${url || "no address"}` }];
  const insecure: Fault[] =
    textOf(object, "spec", "insecure") === "true"
      ? [{ resource: id, place: object.placeOf(["spec", "insecure"]), message: `${id} is insecure` }]
      : [];
  return [...plain, ...insecure];
}
