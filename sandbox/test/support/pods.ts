import type { V1Container, V1Pod } from "@kubernetes/client-node";

/** A machine for tests. */
export const node = { cpu: 8, memory: 2 ** 34 };

/** A container as in Flux's own install manifest. */
export function container(more: Partial<V1Container> = {}): V1Container {
  return {
    name: "manager",
    image: "registry.example/fluxcd/kustomize-controller:v1.9.3",
    args: ["--log-level=info"],
    env: [{ name: "RUNTIME_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }],
    ports: [
      { containerPort: 9090, name: "http" },
      { containerPort: 8080, name: "http-prom" },
      { containerPort: 9440, name: "healthz" },
    ],
    readinessProbe: { httpGet: { path: "/readyz", port: "healthz" } },
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "temp", mountPath: "/tmp" },
      { name: "kube-api-access-x", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
    ],
    ...more,
  };
}

/** A scheduled pod with that container. */
export function pod(one: V1Container = container(), more: Partial<V1Pod["spec"]> = {}): V1Pod {
  return {
    metadata: {
      name: "kustomize-controller-1",
      namespace: "flux-system",
      uid: "uid-1",
      labels: { app: "kustomize-controller" },
      annotations: { note: "a note" },
    },
    spec: {
      containers: [one],
      nodeName: "fleet-node-0",
      serviceAccountName: "kustomize-controller",
      volumes: [
        { name: "data", emptyDir: {} },
        { name: "temp", emptyDir: {} },
        { name: "kube-api-access-x", projected: {} },
      ],
      ...more,
    },
  };
}
