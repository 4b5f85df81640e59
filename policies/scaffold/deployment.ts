import type { FleetSpec } from "../../config/fleet-spec.js";

/** The settings of a stack that a first Deployment depends on. */
export type DeploymentSettings = Pick<FleetSpec, "github" | "admission">;

/** A digest that no image has, for the author to replace. */
const placeholderDigest = `@sha256:${"0".repeat(64)}`;

/**
 * The manifest of a first Deployment, which passes every policy of the stack: unprivileged, with requests, limits and
 * probes, an image from an allowed registry, and a digest where the stack requires digests.
 */
export function firstDeployment(settings: DeploymentSettings): string {
  return `# A first Deployment that the cluster accepts. Set image to yours, and the port to the one that it listens on.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  replicas: 2
  selector:
    matchLabels: { app: app }
  template:
    metadata:
      labels: { app: app }
    spec:
      automountServiceAccountToken: false # the application does not call the API of Kubernetes
      securityContext:
        runAsNonRoot: true # the image must name a user by number; if it does not, add runAsUser
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: app
          image: ${firstImage(settings)}
          imagePullPolicy: Always
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe:
            httpGet: { path: /, port: http }
          livenessProbe:
            tcpSocket: { port: http }
            initialDelaySeconds: 10
          resources:
            requests: { cpu: 50m, memory: 64Mi }
            limits: { cpu: 200m, memory: 128Mi }
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }
`;
}

/** An image of a form that the stack accepts. It need not exist. */
function firstImage({ github, admission: { images } }: DeploymentSettings): string {
  const registry = (images.registries[0] ?? `ghcr.io/${github.owner}`).toLowerCase();
  return `${registry}/app:1.0.0${images.digests === "required" ? placeholderDigest : ""}`;
}
