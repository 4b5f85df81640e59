import { type KubernetesObject, objectName } from "../../kubernetes-object.js";
import { mapManagers } from "./deployment.js";
import { type HardenContext, notFound } from "./step.js";

const step = "remote-files";

/**
 * A proxy that never answers, under a name that says why: it is what the tenant reads in the status of its
 * Kustomization. `.invalid` is reserved to resolve nowhere (RFC 2606).
 */
export const NO_PROXY_AT_ALL = "http://remote-files-are-not-allowed.invalid";

/**
 * Keeps a kustomization from bringing in files from elsewhere.
 *
 * `--no-remote-bases` alone does not: it only takes the right to read files outside the source. A `resources` entry
 * `https://…/x.yaml` is not read from a file, kustomize fetches it itself and applies it; tried with
 * kustomize-controller v1.9.3. A Git base is cloned, and only then cannot be read. So plain HTTP leads nowhere except
 * to what the controller itself needs, which are names within the cluster, and `git` may use no transport.
 *
 * What it costs: kustomize-controller reaches no API server by `spec.kubeConfig` and no cloud's key service.
 * What it leaves: addresses within the cluster, source-controller's artifacts among them; docs/flux-hardening.md
 * says so.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config for what NO_PROXY understands
 * @see https://git-scm.com/docs/git#Documentation/git.txt-GITALLOWPROTOCOL
 */
export function closeRemoteFiles(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ traits, container }, deployment) => {
    if (!traits.remoteBasesFlag) return container;
    const { env = [] } = container;
    const added = environment(context.settings.clusterDomain);
    const taken = env.find(({ name }) => added.some((one) => one.name === name));
    if (taken) {
      throw notFound(context, step, objectName(deployment), `the variable ${taken.name} is set already`);
    }
    return { ...container, env: [...env, ...added] };
  });
}

function environment(clusterDomain: string): { readonly name: string; readonly value: string }[] {
  const within = `.svc.${clusterDomain}`;
  return [
    { name: "HTTP_PROXY", value: NO_PROXY_AT_ALL },
    { name: "HTTPS_PROXY", value: NO_PROXY_AT_ALL },
    // The API server's address is what the kubelet puts into this variable of every container. Flux writes names of
    // Services with a period at their end.
    { name: "NO_PROXY", value: ["$(KUBERNETES_SERVICE_HOST)", within, `${within}.`].join(",") },
    { name: "GIT_ALLOW_PROTOCOL", value: "none" },
  ];
}
