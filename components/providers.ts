import * as github from "@pulumi/github";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** The only providers that the program uses; default ones are disabled in every stack's configuration. */
export interface Providers {
  readonly kubernetes: k8s.Provider;
  readonly github: github.Provider;
  /** Generates keys; it calls nobody. */
  readonly tls: tls.Provider;
}

/** Inputs that name a credential, or where this machine keeps one. */
const credentialInputs = ["token", "kubeconfig"];

/**
 * Keeps what the environment holds out of the stack's state.
 *
 * The SDKs copy `GITHUB_TOKEN` and `KUBECONFIG` into a provider's inputs when the program does not set them: the token
 * would stand in the state in plain text, and every new token, or another machine's path, would be a change of the
 * provider. The plugins read the same variables themselves.
 */
const omitCredentialInputs: pulumi.ResourceTransformation = ({ props, opts }) => ({
  props: Object.fromEntries(Object.entries(props).filter(([input]) => !credentialInputs.includes(input))),
  opts,
});

/**
 * Providers that take cluster and credentials from the environment (`KUBECONFIG`, `GITHUB_TOKEN`, `GITHUB_BASE_URL`):
 * a credential that were an input would be written to the stack's state.
 *
 * @param owner GitHub organisation
 */
export function createProviders(owner: string): Providers {
  const opts = { transformations: [omitCredentialInputs] };
  return {
    kubernetes: new k8s.Provider(
      "kubernetes",
      {
        // Without these a changed Secret is deleted and made anew, and Flux finds none in between.
        enableSecretMutable: true,
        enableConfigMapMutable: true,
        // The defaults (50 requests a second) make hundreds of tenants wait on the client, not on the cluster.
        kubeClientSettings: { qps: 200, burst: 400 },
      },
      opts,
    ),
    github: new github.Provider(
      "github",
      {
        owner,
        // The provider otherwise sleeps a second after every write and sends one request at a time. GitHub's own
        // limit answers 403 or 429 with a time to wait, which the provider honours.
        writeDelayMs: 0,
        parallelRequests: true,
      },
      opts,
    ),
    tls: new tls.Provider("tls", {}),
  };
}
