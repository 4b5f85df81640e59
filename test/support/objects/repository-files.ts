import { stringify } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { configMap } from "./configuration.js";
import type { Fields } from "./object.js";

/** The text of a `kustomization.yaml`. */
export function kustomizationFile(fields: Fields): string {
  return stringify({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...fields });
}

/** The text of a `Chart.yaml`. */
export function chartFile(name: string, fields: Fields = {}): string {
  return stringify({ apiVersion: "v2", name, version: "0.1.0", ...fields });
}

/** The files of a chart. @param template what it makes. @param folder with a slash at its end. @default the chart's own */
export function chartFiles(name: string, template: KubernetesObject, folder = ""): Readonly<Record<string, string>> {
  return { [`${folder}Chart.yaml`]: chartFile(name), [`${folder}templates/object.yaml`]: stringify(template) };
}

/** The text of a manifest of a ConfigMap that shows that it was applied. */
export function configMapFile(name: string): string {
  return stringify(configMap({ name }, { a: "b" }));
}
