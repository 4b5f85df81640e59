import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { mapManagers } from "./deployment.js";
import { noProxyFor, serviceName } from "./service-names.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "remote-files";

/**
 * A proxy that never answers, under a name that says why: it is what the tenant reads in the status of its
 * Kustomization. `.invalid` is reserved to resolve nowhere (RFC 2606).
 */
export const REMOTE_FILES_PROXY = "http://remote-files-are-not-allowed.invalid";

/**
 * Keeps a kustomization from bringing in files from elsewhere.
 *
 * `--no-remote-bases` alone does not: it only takes the right to read files outside the source. A `resources` entry
 * `https://…/x.yaml` is not read from a file, kustomize fetches it itself and applies it; tried with
 * kustomize-controller v1.9.3. A Git base is cloned, and only then cannot be read. So plain HTTP leads nowhere except
 * to what the controller itself needs, which are names within the cluster, and `git` may use no transport.
 *
 * What the controller itself needs are the API server, the servers of artifacts and the receiver of events, each by the
 * name that its own flags and theirs say. A Service of a tenant's is none of these. That matters for more than files: a
 * Secret for decryption can hold credentials of Google's that are a file of the controller's, its token for instance, and
 * an address that the content is sent to (`sops.gcp-kms`, `external_account`); that request, too, goes by the proxy.
 *
 * What it costs: kustomize-controller reaches no API server by `spec.kubeConfig` and no cloud's key service.
 * What it leaves: the controllers that are named, source-controller's artifacts among them; docs/flux-hardening.md
 * says so.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config for what NO_PROXY understands
 * @see https://git-scm.com/docs/git#Documentation/git.txt-GITALLOWPROTOCOL
 */
export function disableRemoteFiles(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ traits, container }, deployment) => {
    if (!traits.remoteBasesFlag) return container;
    const { env = [] } = container;
    const added = environment(internalServices(objects, context));
    const taken = env.find(({ name }) => added.some((one) => one.name === name));
    if (taken) {
      throw unexpectedManifest(context, step, objectName(deployment), `the variable ${taken.name} is set already`);
    }
    return { ...container, env: [...env, ...added] };
  });
}

function environment(served: readonly string[]): { readonly name: string; readonly value: string }[] {
  return [
    { name: "HTTP_PROXY", value: REMOTE_FILES_PROXY },
    { name: "HTTPS_PROXY", value: REMOTE_FILES_PROXY },
    // The API server's address is what the kubelet puts into this variable of every container.
    { name: "NO_PROXY", value: ["$(KUBERNETES_SERVICE_HOST)", ...noProxyFor(served)].join(",") },
    { name: "GIT_ALLOW_PROTOCOL", value: "none" },
  ];
}

/** Names under which the controllers serve artifacts and receive events, as their flags say. */
function internalServices(objects: readonly KubernetesObject[], context: HardenContext): string[] {
  const names = new Set<string>();
  mapManagers(objects, context, step, ({ traits, container }, deployment) => {
    const wanted = [
      ...(traits.servesArtifacts ? ["storage-adv-addr"] : []),
      ...(traits.remoteBasesFlag ? ["events-addr"] : []),
    ];
    for (const flag of wanted) {
      names.add(serviceName({ args: container.args ?? [], flag, context, step, deployment }));
    }
    return container;
  });
  return [...names].sort();
}
