import type { Manifest } from "../release/typed-kind.js";
import { type Controller, containerStep, controllersOf } from "./controller.js";
import { noProxyFor, serviceName, withEnvironment } from "./proxy-environment.js";
import type { HardenContext } from "./step.js";

/** A proxy that never answers (RFC 2606). Its name is the error message in the status of a tenant's Kustomization. */
const deadProxy = "http://remote-files-are-not-allowed.invalid";

/**
 * Keeps a kustomization from loading files from outside its source.
 *
 * `--no-remote-bases` alone does not: kustomize itself fetches a `resources` entry `https://…/x.yaml` and applies it
 * (tried with v1.9.3), and clones a Git base before it cannot be read. So `git` may use no transport, and HTTP and HTTPS
 * lead nowhere, except to what the controller itself needs: the API server, the servers of artifacts and the receiver of
 * events, under the names in the controllers' flags. A tenant's Service is none of these. That protects more than files:
 * Google credentials for decryption can name a file of the controller, its token for instance, and an address to send it
 * to (`external_account`). In a shard, it is the shard's own server of artifacts, so no artifact of another shard.
 *
 * The cost: no API server by `spec.kubeConfig`, and no cloud's key service. For the remaining risk see
 * docs/flux-hardening.md.
 * @see https://git-scm.com/docs/git#Documentation/git.txt-GITALLOWPROTOCOL
 */
export const disableRemoteFiles = containerStep((controller, context, objects) => {
  if (!controller.has("remoteBasesFlag")) return {};
  return withEnvironment(controller, {
    HTTP_PROXY: deadProxy,
    HTTPS_PROXY: deadProxy,
    // The kubelet sets this variable of every container to the API server's address.
    NO_PROXY: `$(KUBERNETES_SERVICE_HOST),${noProxyFor(internalServices(controller, objects, context))}`,
    GIT_ALLOW_PROTOCOL: "none",
  });
});

/** Names of the Services that serve artifacts to a controller and receive its events, from the controllers' flags. */
function internalServices({ shard }: Controller, objects: Manifest, context: HardenContext): string[] {
  const ofShard = controllersOf(objects, context).filter((controller) => controller.shard === shard);
  const names = ofShard.flatMap((controller) => [
    ...(controller.has("servesArtifacts") ? [serviceName(controller, "storage-adv-addr")] : []),
    ...(controller.has("remoteBasesFlag") ? [serviceName(controller, "events-addr")] : []),
  ]);
  return [...new Set(names)].sort();
}
