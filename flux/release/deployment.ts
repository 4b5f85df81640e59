import { z } from "zod";
import { typedKind } from "./typed-kind.js";

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

/** Deployments, with the fields that the hardening reads. All others are kept. */
export const deployments = typedKind(
  "Deployment",
  z.looseObject({
    apiVersion: z.literal("apps/v1", { error: ({ input }) => `is ${String(input)} and not apps/v1` }),
    spec: z.looseObject({
      template: z.looseObject({
        metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
        spec: podSpec,
      }),
    }),
  }),
);

/** A container of a pod. */
export type Container = z.infer<typeof container>;
/** A pod's spec. */
export type PodSpec = z.infer<typeof podSpec>;
/** A Deployment with a validated spec. */
export type Deployment = ReturnType<typeof deployments.parse>;
