import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { mapManagers } from "./deployment.js";
import { noProxyFor, serviceName } from "./service-names.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "remote-files";

/**
 * A proxy that never answers. Its name is the error message in the status of a tenant's Kustomization. `.invalid` is
 * reserved and never resolves (RFC 2606).
 */
export const REMOTE_FILES_PROXY = "http://remote-files-are-not-allowed.invalid";

/**
 * Keeps a kustomization from loading files from outside its source.
 *
 * `--no-remote-bases` alone does not: it only forbids reading files outside the source. kustomize itself fetches a
 * `resources` entry `https://…/x.yaml` and applies it; this was tried with kustomize-controller v1.9.3. A Git base is
 * cloned before it cannot be read. So HTTP and HTTPS lead nowhere, except to names within the cluster that the
 * controller itself needs, and `git` may use no transport.
 *
 * The controller itself needs the API server, the servers of artifacts and the receiver of events, each under the name
 * in the controllers' flags. A tenant's Service is none of these. That protects more than files: a Secret for
 * decryption can hold Google credentials that name a file of the controller, its token for instance, and an address to
 * send it to (`sops.gcp-kms`, `external_account`). That request uses the proxy, too.
 *
 * The cost: kustomize-controller reaches no API server by `spec.kubeConfig`, and no cloud's key service. The rest of
 * the risk: the names that stay reachable, source-controller's artifacts among them; see docs/flux-hardening.md.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config for the syntax of NO_PROXY
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
    // The kubelet sets this variable of every container to the API server's address.
    { name: "NO_PROXY", value: ["$(KUBERNETES_SERVICE_HOST)", ...noProxyFor(served)].join(",") },
    { name: "GIT_ALLOW_PROTOCOL", value: "none" },
  ];
}

/** Names of the Services that serve artifacts and receive events, from the controllers' flags. */
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
