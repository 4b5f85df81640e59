import * as github from "@pulumi/github";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** Provider inputs with a credential, or with its path on this machine. */
const credentialInputs = ["token", "kubeconfig"];

/**
 * Removes credentials from a provider's inputs, and so from the stack's state.
 * The SDKs copy `GITHUB_TOKEN` and `KUBECONFIG` into the inputs. The token would be in the state as plain text, and each
 * new token or path would change the provider. The plugins read the same variables themselves.
 */
const omitCredentialInputs: pulumi.ResourceTransformation = ({ props, opts }) => ({
  props: Object.fromEntries(Object.entries(props).filter(([input]) => !credentialInputs.includes(input))),
  opts,
});

/**
 * Creates the program's providers; every stack disables the default ones. Their plugins read the cluster and the
 * credentials from `KUBECONFIG`, `GITHUB_BASE_URL`, and `GITHUB_TOKEN` or the variables of a GitHub App. The provider
 * `tls` generates keys locally.
 * @param owner GitHub organisation
 * @param usesApp whether the plugin acts as a GitHub App
 */
export function createProviders(owner: string, usesApp: boolean): pulumi.ProviderResource[] {
  const opts = { transformations: [omitCredentialInputs] };
  const kubernetes: k8s.ProviderArgs = {
    // Without these, a changed Secret is replaced, and Flux finds none in between.
    enableSecretMutable: true,
    enableConfigMapMutable: true,
    // With the default of 50 requests a second, hundreds of tenants wait for the client, not for the cluster.
    kubeClientSettings: { qps: 200, burst: 400 },
  };
  // GitHub's provider otherwise sleeps a second after every write and sends one request at a time. GitHub's own limit
  // answers 403 or 429 with a time to wait, which the provider honours.
  const unthrottled = { writeDelayMs: 0, parallelRequests: true };
  // The former client takes one token of the App, which ends after an hour. The new one renews it.
  // https://github.com/integrations/terraform-provider-github/blob/v6.13.0/internal/ghclient/app.go
  const client = usesApp ? { legacyClient: false } : {};
  return [
    new k8s.Provider("kubernetes", kubernetes, opts),
    new github.Provider("github", { owner, ...unthrottled, ...client }, opts),
    new tls.Provider("tls", {}),
  ];
}
