import { z } from "zod";
import { type AuditedCluster, type AuditedKind, type AuditedObject, objectsOf } from "./audited-cluster.js";
import { type AuditFinding, auditFinding, type Severity } from "./finding.js";
import { type ControllerName, type FluxController, isFlagOn } from "./flux-controllers.js";
import { jsonPatch } from "./patch.js";

const reference = z.looseObject({ name: z.string().default("*"), namespace: z.string().optional() });
const references = z.array(reference).default([]);
const spec = z.object({
  sourceRef: reference.optional(),
  chartRef: reference.optional(),
  chart: z.object({ spec: z.object({ sourceRef: reference.optional() }).optional() }).optional(),
  imageRepositoryRef: reference.optional(),
  eventSources: references,
  resources: references,
});
type Spec = z.output<typeof spec>;
type Reference = z.output<typeof reference>;

/** The controller that follows the references of a kind, and whose flag refuses them. */
export const followers = {
  Kustomization: "kustomize-controller",
  HelmRelease: "helm-controller",
  Alert: "notification-controller",
  Receiver: "notification-controller",
  ImagePolicy: "image-reflector-controller",
  ImageUpdateAutomation: "image-automation-controller",
} as const satisfies Partial<Record<AuditedKind, ControllerName>>;

/** References to objects of other namespaces. `dependsOn` reads no content, so it is none. */
export function judgeReferences(cluster: AuditedCluster, controllers: readonly FluxController[]): AuditFinding[] {
  const ofFlux = new Set(controllers.map(({ namespace }) => namespace));
  return Object.entries(followers).flatMap(([kind, controller]) => {
    const isRefused = isFlagOn(controllers, controller, "no-cross-namespace-refs");
    return objectsOf(cluster, kind as keyof typeof followers).flatMap((one) => {
      const { namespace = "" } = one.object.metadata;
      const severity: Severity = isRefused || ofFlux.has(namespace) ? "low" : "medium";
      return foreignReferences(one).map(({ path, name, namespace: other }) => {
        const refused = isRefused ? `; ${controller} refuses it` : "";
        const detail = `${path.slice("/spec/".length).replaceAll("/", ".")} leads to ${other}/${name}${refused}`;
        const fix = jsonPatch(one, [{ op: "remove", path: `${path}/namespace` }]);
        return auditFinding("reference-cross-namespace", one, { severity, detail, fix });
      });
    });
  });
}

/** A reference to an object. */
export interface PlacedReference extends Reference {
  /** JSON pointer of the reference. */
  readonly path: string;
}

/** The references of an object to other namespaces. */
export function foreignReferences({ object }: Pick<AuditedObject, "object">): PlacedReference[] {
  const own = object.metadata.namespace;
  return placed(spec.parse(object.spec ?? {})).filter(({ namespace = own }) => namespace !== own);
}

function placed({ sourceRef, chartRef, chart, imageRepositoryRef, eventSources, resources }: Spec): PlacedReference[] {
  const single: readonly (readonly [string, Reference | undefined])[] = [
    ["sourceRef", sourceRef],
    ["chartRef", chartRef],
    ["chart/spec/sourceRef", chart?.spec?.sourceRef],
    ["imageRepositoryRef", imageRepositoryRef],
    ...eventSources.map((one, index) => [`eventSources/${index}`, one] as const),
    ...resources.map((one, index) => [`resources/${index}`, one] as const),
  ];
  return single.flatMap(([path, one]) => (one === undefined ? [] : [{ ...one, path: `/spec/${path}` }]));
}
