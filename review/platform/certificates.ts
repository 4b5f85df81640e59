import { fieldAt, listAt, valueText } from "../findings/facts.js";
import {
  type BuiltObject,
  type BuiltPlatform,
  type Fault,
  groupOf,
  namespaceOf,
  objectId,
  textOf,
} from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

type Path = readonly (string | number)[];

/** A name that an object asks a certificate for, and the issuer. */
interface Request {
  readonly object: BuiltObject;
  readonly name: string;
  readonly path: Path;
  readonly issuer: { readonly kind: string; readonly name: string };
}

/** Certificates of the platform that their issuer cannot get. */
export const certificates: PlatformRule = {
  name: "platform-certificates",
  level: "mandatory",
  title: "each certificate in fleet/ for a wildcard has an issuer that can prove it by DNS",
  reason:
    "ACME proves no wildcard by HTTP, so the certificate would never be Ready, and its sync would hold back all tenants",
  fix: "name each host, or give the issuer a dns01 solver for the domain",
  violations: (platform) =>
    platform.objects
      .flatMap(requestsOf)
      .filter(isWildcard)
      .flatMap((one) => fault(one, platform)),
};

function fault({ object, name, path, issuer }: Request, platform: BuiltPlatform): Fault[] {
  const found = platform.objects.find((one) => isIssuer(one, issuer, namespaceOf(object)));
  // The rules judge what fleet/ has alone.
  if (found === undefined || fieldAt(found.data, "spec", "acme") === undefined) return [];
  if (listAt(found.data, "spec", "acme", "solvers").some((solver) => provesByDns(solver, name))) return [];
  const id = objectId(object);
  const message = `${id} asks ${objectId(found)} for ${name}, which has no dns01 solver for it`;
  return [{ resource: id, place: object.placeOf([...path]), message }];
}

function isWildcard({ name }: Request): boolean {
  return name.startsWith("*.");
}

function isIssuer(one: BuiltObject, { kind, name }: Request["issuer"], namespace: string): boolean {
  return (
    groupOf(one) === "cert-manager.io" &&
    textOf(one, "kind") === kind &&
    textOf(one, "metadata", "name") === name &&
    (kind === "ClusterIssuer" || namespaceOf(one) === namespace)
  );
}

/**
 * Whether a solver proves names of a domain by DNS. A selector of labels may match, because an object gets its labels later.
 * @see https://cert-manager.io/docs/configuration/acme/#adding-multiple-solver-types
 */
function provesByDns(solver: unknown, name: string): boolean {
  if (fieldAt(solver, "dns01") === undefined) return false;
  const names = listAt(solver, "selector", "dnsNames").map(valueText);
  const zones = listAt(solver, "selector", "dnsZones").map(valueText);
  if (names.length === 0 && zones.length === 0) return true;
  return names.includes(name) || zones.some((zone) => name.endsWith(`.${zone}`));
}

/** The names of a Certificate, and those of a Gateway or an Ingress that an annotation has cert-manager read. */
function requestsOf(object: BuiltObject): Request[] {
  const kind = `${groupOf(object)} ${textOf(object, "kind")}`;
  if (kind === "cert-manager.io Certificate") {
    const issuer = {
      kind: textOf(object, "spec", "issuerRef", "kind") || "Issuer",
      name: textOf(object, "spec", "issuerRef", "name"),
    };
    const common = { name: textOf(object, "spec", "commonName"), path: ["spec", "commonName"] };
    return [...namesAt(object, ["spec", "dnsNames"]), common].map((one) => ({ ...one, object, issuer }));
  }
  const names = annotatedNames[kind]?.(object) ?? [];
  return annotatedIssuers(object).flatMap((issuer) => names.map((one) => ({ ...one, object, issuer })));
}

type NamesOf = (object: BuiltObject) => readonly Pick<Request, "name" | "path">[];

const annotatedNames: Readonly<Record<string, NamesOf>> = {
  "gateway.networking.k8s.io Gateway": ({ data }) =>
    listAt(data, "spec", "listeners").flatMap((listener, index) =>
      fieldAt(listener, "tls") === undefined
        ? []
        : [{ name: valueText(fieldAt(listener, "hostname") ?? ""), path: ["spec", "listeners", index, "hostname"] }],
    ),
  "networking.k8s.io Ingress": (object) =>
    listAt(object.data, "spec", "tls").flatMap((_, index) => namesAt(object, ["spec", "tls", index, "hosts"])),
};

function annotatedIssuers({ data }: BuiltObject): Request["issuer"][] {
  return Object.entries({ "cluster-issuer": "ClusterIssuer", issuer: "Issuer" }).flatMap(([key, kind]) => {
    const name = fieldAt(data, "metadata", "annotations", `cert-manager.io/${key}`);
    return name === undefined ? [] : [{ kind, name: valueText(name) }];
  });
}

function namesAt({ data }: BuiltObject, path: Path): Pick<Request, "name" | "path">[] {
  const list = path.reduce<unknown>(
    (value, step) => (Array.isArray(value) ? value[Number(step)] : fieldAt(value, String(step))),
    data,
  );
  return (Array.isArray(list) ? list : []).map((name: unknown, index) => ({
    name: valueText(name),
    path: [...path, index],
  }));
}
