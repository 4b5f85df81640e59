import { readManifests } from "../../config/platform/manifest-file.js";
import { isPlainObject } from "../../lib/data/merge.js";
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
import { containersOf } from "./pod-specs.js";

type Path = readonly (string | number)[];

/** Protection of pods and connections that values of charts and manifests can switch off. */
export const hardening: PlatformRule = {
  name: "platform-hardening",
  level: "mandatory",
  title: "no values of a chart and no pods in fleet/ switch off security: privileges, root, the node's namespaces, TLS",
  reason:
    "the platform's pods work for every tenant, so one that is taken over must neither own its node nor trust any server",
  fix: "remove the value, or accept it by a waiver",
  violations: (platform) =>
    platform.objects.flatMap((object) => [...podFaults(object), ...valueFaults(object, platform)]),
};

/** Values that switch something off, by the name of their field. */
const unsafe: Readonly<Record<string, (value: unknown) => boolean>> = {
  privileged: isTrue,
  allowPrivilegeEscalation: isTrue,
  hostNetwork: isTrue,
  hostPID: isTrue,
  hostIPC: isTrue,
  runAsNonRoot: (value) =>
    isHidden(value) || value === false || (typeof value === "string" && /^(?:false|no|off)$/i.test(value)),
  runAsUser: (value) => isHidden(value) || value === 0 || value === "0",
  insecureSkipTLSVerify: isTrue,
  insecureSkipVerify: isTrue,
};

/** Templates of charts, and programs that read YAML 1.1, take some texts for true. */
function isTrue(value: unknown): boolean {
  return isHidden(value) || value === true || (typeof value === "string" && /^(?:true|yes|on)$/i.test(value));
}

/** Whether a variable decides whose value is not known: Flux takes it from an object that no rule can read. */
function isHidden(value: unknown): boolean {
  return typeof value === "string" && value.includes("${");
}

/** Flags that programs name alike: `--kubelet-insecure-tls`. */
const unsafeFlag = /^--(?:[\w-]+-)?insecure(?:-[\w-]+)?(?:=true)?$/;

/** The unsafe values below a value, each with its place and its text. */
function unsafeValues(value: unknown, path: Path = []): { readonly path: Path; readonly text: string }[] {
  const key = path.findLast((step) => typeof step === "string");
  if (Array.isArray(value)) {
    // Everything that a container adds is more than the runtime gives to all.
    if (key === "add" && path.at(-2) === "capabilities" && value.length > 0)
      return [{ path, text: `adds ${value.join(", ")}` }];
    return value.flatMap((item, index) => unsafeValues(item, [...path, index]));
  }
  if (isPlainObject(value)) {
    return Object.entries(value).flatMap(([name, field]) => {
      const isUnsafe = Object.hasOwn(unsafe, name) && unsafe[name]?.(field) === true;
      return isUnsafe
        ? [{ path: [...path, name], text: `sets ${name}: ${valueText(field)}` }]
        : unsafeValues(field, [...path, name]);
    });
  }
  if (value === "Unconfined" && key === "type") return [{ path, text: "sets the profile Unconfined" }];
  return typeof value === "string" && unsafeFlag.test(value) ? [{ path, text: `passes ${value}` }] : [];
}

/** Pods of the platform's own manifests. */
function podFaults(object: BuiltObject): Fault[] {
  if (containersOf(object).length === 0) return [];
  return unsafeValues(fieldAt(object.data, "spec"), ["spec"]).map(({ path, text }) =>
    faultOf(object, object, path, text),
  );
}

/** Values of a release: its own, and those in ConfigMaps that fleet/ has. */
function valueFaults(object: BuiltObject, platform: BuiltPlatform): Fault[] {
  if (groupOf(object) !== "helm.toolkit.fluxcd.io" || textOf(object, "kind") !== "HelmRelease") return [];
  const own = unsafeValues(fieldAt(object.data, "spec", "values"), ["spec", "values"]);
  const others = listAt(object.data, "spec", "valuesFrom").flatMap((reference) => {
    const name = valueText(fieldAt(reference, "name") ?? "");
    const key = valueText(fieldAt(reference, "valuesKey") ?? "values.yaml");
    const found = platform.objects.find((one) => isConfigMap(one, name, namespaceOf(object)));
    if (found === undefined || fieldAt(reference, "kind") !== "ConfigMap") return [];
    const { manifests, problems } = readManifests("values.yaml", textOf(found, "data", key));
    if (problems.length > 0)
      return [faultOf(object, found, ["data", key], `has values in ${key} that no rule can read`)];
    const values = manifests.flatMap(({ data }) => unsafeValues(data));
    return values.map(({ path, text }) => faultOf(object, found, ["data", key], `${text} at ${path.join(".")}`));
  });
  return [...own.map(({ path, text }) => faultOf(object, object, path, text)), ...others];
}

function isConfigMap(one: BuiltObject, name: string, namespace: string): boolean {
  const isKind = textOf(one, "kind") === "ConfigMap" && groupOf(one) === "";
  return isKind && textOf(one, "metadata", "name") === name && namespaceOf(one) === namespace;
}

function faultOf(object: BuiltObject, placed: BuiltObject, path: Path, text: string): Fault {
  const id = objectId(object);
  return { resource: id, place: placed.placeOf([...path]), message: `${id} ${text}` };
}
