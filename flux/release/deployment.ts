import { z } from "zod";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName, typeOf } from "../../lib/kubernetes/object.js";

const quantities = z.record(z.string(), z.union([z.string(), z.number()]));

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).exactOptional(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().exactOptional() })).exactOptional(),
  ports: z
    .array(
      z.looseObject({ name: z.string().exactOptional(), containerPort: z.int(), hostPort: z.int().exactOptional() }),
    )
    .exactOptional(),
  resources: z
    .looseObject({ requests: quantities.exactOptional(), limits: quantities.exactOptional() })
    .exactOptional(),
  securityContext: z.looseObject({}).exactOptional(),
});

const podSpec = z.looseObject({
  serviceAccountName: z.string(),
  containers: z.array(container),
  initContainers: z.array(container).exactOptional(),
  volumes: z.array(z.looseObject({ name: z.string() })).exactOptional(),
  securityContext: z.looseObject({}).exactOptional(),
});

const deploymentSpec = z.looseObject({
  template: z.looseObject({
    metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
    spec: podSpec,
  }),
});

/** A container: the fields that the hardening reads. All others are kept. */
export type Container = z.infer<typeof container>;
/** A pod's spec: the fields that the hardening reads. */
export type PodSpec = z.infer<typeof podSpec>;

/** A Deployment with a validated spec. */
export interface Deployment extends KubernetesObject {
  readonly spec: z.infer<typeof deploymentSpec>;
}

/**
 * `object` as a Deployment.
 * @throws FleetError naming the invalid field
 */
export function asDeployment(object: KubernetesObject): Deployment {
  const result = deploymentSpec.safeParse(object.spec);
  if (typeOf(object) === "apps/v1/Deployment" && result.success) return { ...object, spec: result.data };
  const problems = result.error?.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })) ?? [
    { path: "kind", message: `is ${typeOf(object)} and not apps/v1/Deployment` },
  ];
  throw new FleetError(
    problems.map(({ path, message }) => ({ file: objectName(object), path: `spec.${path}`, message })),
  );
}
