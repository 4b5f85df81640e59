import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { accountToken } from "../../support/objects/configuration.js";
import { ingress, service } from "../../support/objects/network.js";
import { object } from "../../support/objects/object.js";
import { deployment, pod, podSpec, volumeClaim } from "../../support/objects/workloads.js";

/** Namespace of the tenant whose objects are older than the policies. */
export const namespace = "team-a";
/** Limits of zero. */
const zero = { cpu: "0", memory: "0" };

/** A quota of limits. */
export const quota = object(
  "ResourceQuota",
  { name: "tenant", namespace },
  { spec: { hard: { "limits.cpu": "4", "limits.memory": "8Gi" } } },
);
/** A pod with limits of zero. */
export const unlimited = pod({ name: "unlimited", namespace }, podSpec({ resources: { limits: zero } }));
/** A pod whose limits a test changes. */
export const resizable = pod(
  { name: "resizable", namespace },
  // No node of the sandbox can resize; a pod that waits for one is judged all the same.
  podSpec(
    { resources: { requests: zero, limits: { cpu: "100m", memory: "64Mi" } } },
    { nodeSelector: { "example.com/none": "true" } },
  ),
);

/** A claim without a class, on a cluster that has no default class. */
export const claim = volumeClaim({ name: "classless", namespace });

/** An Ingress of a host that the tenant may not serve. */
export const neighbours = ingress({ namespace }, ["pay.example.com"]);

/** The annotation by which Ingresses share a load balancer. */
export const group = "alb.ingress.kubernetes.io/group.name";
/** An Ingress of the tenant's host, in a group of load balancers. */
export const noted = ingress({ name: "noted", namespace, annotations: { [group]: "ours" } }, ["shop.example.com"]);

/** A Service with an unknown label. */
export const exported = service({ name: "exported", namespace, labels: { "mirror.linkerd.io/exported": "true" } });
/** An unknown label. */
export const pool = "example.net/pool";
/** A Deployment of pods with an unknown label. */
export const pooled = deployment(
  { name: "pooled", namespace },
  podSpec(),
  {},
  { labels: { app: "pooled", [pool]: "ours" } },
);

/** The token of an account. */
export function tokenOf(account: string): KubernetesObject {
  return accountToken({ namespace }, account);
}
