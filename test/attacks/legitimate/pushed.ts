import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { networkPolicy, service } from "../../support/objects/network.js";
import { account, readsConfigMaps, role, roleBinding } from "../../support/objects/rbac.js";
import { chartFiles, configMapFile, kustomizationFile } from "../../support/objects/repository-files.js";
import { gitRepository, gitSource } from "../../support/objects/sources.js";
import { chartTemplate, helmRelease, kustomization } from "../../support/objects/syncs.js";
import { deployment, podLabels, podSpec } from "../../support/objects/workloads.js";

/** Files of a tenant's repository for {@link pushed}. */
export const pushedFiles = {
  "extra/kustomization.yaml": kustomizationFile({ resources: ["config.yaml"] }),
  "extra/config.yaml": configMapFile("extra"),
  ...chartFiles(
    "chart",
    configMap({ name: "from-helm", labels: { "app.kubernetes.io/managed-by": "{{ .Release.Service }}" } }),
    "chart/",
  ),
};

/** One of each that a policy looks at, all of them as they should be. */
export function pushed({ namespace, cloneUrl }: Tenant): KubernetesObject[] {
  const own = { name: "own" };
  const web = { name: "web" };
  const sourceRef = gitSource("own");
  return [
    gitRepository(own, cloneUrl, { ref: { branch: "main" }, secretRef: { name: "tenant-git" } }),
    kustomization(own, { path: "./extra", targetNamespace: namespace, sourceRef }),
    helmRelease(own, { chart: chartTemplate({ sourceRef }) }),
    deployment(web, podSpec({ ports: [{ containerPort: 8080 }] })),
    roleBinding(web, "Role/web", account("web", namespace)),
    role(web, readsConfigMaps),
    networkPolicy(web, { podSelector: { matchLabels: podLabels(web) }, ingress: [{ from: [{ podSelector: {} }] }] }),
    service(web, { selector: podLabels(web), ports: [{ port: 8080 }] }),
  ];
}
