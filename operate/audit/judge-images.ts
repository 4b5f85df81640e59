import { z } from "zod";
import { type AuditedCluster, type AuditedObject, objectsOf } from "./audited-cluster.js";
import { type AuditFinding, auditFinding } from "./finding.js";
import type { FluxController } from "./flux-controllers.js";
import { jsonPatch } from "./patch.js";

const containers = z.array(z.object({ name: z.string(), image: z.string().default("") })).default([]);
const template = z.object({ spec: z.object({ containers, initContainers: containers }) });
const ofTemplate = z.object({ template });
const workload = z.union([
  ofTemplate.transform((spec) => ({ pod: spec.template.spec, path: "/spec/template/spec" })),
  z.object({ jobTemplate: z.object({ spec: ofTemplate }) }).transform(({ jobTemplate: { spec } }) => {
    return { pod: spec.template.spec, path: "/spec/jobTemplate/spec/template/spec" };
  }),
]);

/** Workloads with images that no digest pins: one finding for each workload. */
export function judgeImages(cluster: AuditedCluster, controllers: readonly FluxController[]): AuditFinding[] {
  const ofFlux = new Set(controllers.map(({ deployment }) => deployment.object));
  return objectsOf(cluster, "Deployment", "StatefulSet", "DaemonSet", "CronJob").flatMap((one) => {
    const { pod, path } = workload.parse(one.object.spec);
    const images = (["initContainers", "containers"] as const).flatMap((list) =>
      pod[list].map(({ image }, index) => ({ image, path: `${path}/${list}/${index}/image` })),
    );
    const unpinned = images.filter(({ image }) => image !== "" && !/@sha(256|512):/.test(image));
    return unpinned.length === 0 ? [] : [unpinnedFinding(one, unpinned, ofFlux.has(one.object))];
  });
}

interface PlacedImage {
  readonly image: string;
  readonly path: string;
}

function unpinnedFinding(one: AuditedObject, unpinned: readonly PlacedImage[], isFlux: boolean): AuditFinding {
  const isMoving = unpinned.some(({ image }) => /:latest$|^[^:]*$|^[^/]+:\d+\/[^:]*$/.test(image));
  const fix = jsonPatch(
    one,
    unpinned.map(({ image, path }) => ({ op: "replace", path, value: `${image}@sha256:DIGEST` })),
  );
  return auditFinding("image-unpinned", one, {
    severity: isFlux || isMoving ? "medium" : "low",
    detail: `runs ${[...new Set(unpinned.map(({ image }) => image))].join(", ")}`,
    fix,
  });
}
