import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../config/tenant/schema.js";
import type { Verify } from "../../config/tenant/verify/schema.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import { knownHosts } from "../../lib/github/ssh.js";
import { SIGNING_KEYS_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";
import { signingSecret } from "../../lib/signing/signing-key.js";
import { type GitCredential, isToken, resourcesBehind, tokenSecret } from "../github/git-credential.js";

const apiVersions = {
  Alert: "notification.toolkit.fluxcd.io/v1beta3",
  GitRepository: "source.toolkit.fluxcd.io/v1",
  HelmRepository: "source.toolkit.fluxcd.io/v1",
  ImagePolicy: "image.toolkit.fluxcd.io/v1",
  ImageRepository: "image.toolkit.fluxcd.io/v1",
  ImageUpdateAutomation: "image.toolkit.fluxcd.io/v1",
  Kustomization: "kustomize.toolkit.fluxcd.io/v1",
  OCIRepository: "source.toolkit.fluxcd.io/v1",
  Provider: "notification.toolkit.fluxcd.io/v1beta3",
  Receiver: "notification.toolkit.fluxcd.io/v1",
};

type Metadata = k8s.types.input.meta.v1.ObjectMeta;

/** Registers an object of one of Flux's kinds. */
export function fluxObject(
  name: string,
  kind: keyof typeof apiVersions,
  content: { readonly metadata: Metadata; readonly spec: object },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new k8s.apiextensions.CustomResource(name, { apiVersion: apiVersions[kind], kind, ...content }, opts);
}

/**
 * Registers a Secret. It uses `data`: the API server never returns `stringData`, which would hide changes made by hand.
 * @param values of the Secret, as texts
 */
export function fluxSecret(
  name: string,
  metadata: Metadata,
  values: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>,
  opts: pulumi.CustomResourceOptions,
  type = "Opaque",
): pulumi.Resource {
  const encode = (text: string) => Buffer.from(text).toString("base64");
  const data = pulumi.output(values).apply((texts) => {
    return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, encode(text)]));
  });
  return new k8s.core.v1.Secret(name, { metadata, type, data }, opts);
}

/** The repository that a GitRepository fetches, and the credential that opens it. */
export interface GitSecretArgs {
  readonly metadata: Metadata;
  readonly credential: GitCredential;
  readonly cloneUrl: pulumi.Input<string>;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
}

/**
 * Registers the Secret that a GitRepository needs: for SSH, or for HTTPS. It waits until GitHub has the key, because Flux
 * uses a Secret at once: a rotation would have a gap otherwise.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#ssh-authentication
 */
export function gitSecret(
  name: string,
  { metadata, credential, cloneUrl, hostKeys }: GitSecretArgs,
  own: pulumi.CustomResourceOptions & { readonly dependsOn?: readonly pulumi.Resource[] },
): pulumi.Resource {
  const opts = { ...own, dependsOn: [...(own.dependsOn ?? []), ...resourcesBehind(credential)] };
  if (isToken(credential)) return fluxSecret(name, metadata, tokenSecret(credential), opts);
  const values = {
    identity: credential.privateKey,
    "identity.pub": credential.publicKey,
    known_hosts: pulumi.all([cloneUrl, hostKeys]).apply(([url, keys]) => knownHosts(url, keys)),
  };
  return fluxSecret(name, metadata, values, opts);
}

/** A Git reference, its credential, and how often Flux fetches it. */
export interface GitSourceArgs {
  readonly metadata: Metadata;
  /** `ssh://` or `https://` URL. */
  readonly url: pulumi.Input<string>;
  readonly ref: TenantSpec["syncs"][number]["ref"];
  /** Time between two fetches, a Go duration: `"1m"`. */
  readonly interval: string;
  /** Whether Flux stops fetching. @default false */
  readonly suspend?: boolean;
  /** Secret with the credential, in the same namespace. */
  readonly secretName: string;
  /** The signatures that Flux demands, and the Secret with the public keys, in the same namespace. @default - none */
  readonly verify?: { readonly mode: Verify["mode"]; readonly secretName: string } | undefined;
}

/**
 * Registers the Secret with the public keys that verify signatures. Its annotation shows their fingerprints to people and
 * to reviews, which see no content of a Secret.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#verification
 */
export function verifySecret(
  name: string,
  metadata: Metadata,
  { keys }: Pick<Verify, "keys">,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { values, fingerprints } = signingSecret(keys);
  const annotations = { [SIGNING_KEYS_ANNOTATION]: fingerprints.join(", ") };
  return fluxSecret(name, { ...metadata, annotations }, values, opts);
}

/**
 * Registers the GitRepository that fetches one reference with a credential.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/
 */
export function gitSource(
  name: string,
  { metadata, url, ref, interval, suspend = false, secretName, verify }: GitSourceArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const signatures = verify && { mode: verify.mode, secretRef: { name: verify.secretName } };
  const spec = {
    ...{ url, ref, interval, timeout: "60s", suspend, secretRef: { name: secretName } },
    ...definedOnly({ verify: signatures }),
  };
  return fluxObject(name, "GitRepository", { metadata, spec }, opts);
}
