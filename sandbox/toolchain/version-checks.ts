/** How a program is asked for its version. */
export interface VersionCheck {
  readonly args: readonly string[];
  /** Finds the version in the answer, in its first group. */
  readonly answer: RegExp;
}

const ofKubernetes: VersionCheck = { args: ["--version"], answer: /^Kubernetes (\S+)$/m };
/** Plugins that Pulumi's bridge to Terraform providers serves. */
const ofBridge: VersionCheck = { args: ["-version"], answer: /^(v?\d\S*)$/m };

/**
 * The programs that can print their version, by the name of the part. Flux's controllers, Pulumi's language hosts and
 * the Kubernetes plugin cannot.
 */
export const versionChecks: Readonly<Record<string, VersionCheck>> = {
  kubectl: { args: ["version", "--client"], answer: /^Client Version: (\S+)$/m },
  "kube-apiserver": ofKubernetes,
  "kube-controller-manager": ofKubernetes,
  "kube-scheduler": ofKubernetes,
  etcd: { args: ["--version"], answer: /^etcd Version: (\S+)$/m },
  kwok: { args: ["--version"], answer: /^kwok version (\S+)/m },
  pulumi: { args: ["version"], answer: /^(v\S+)$/m },
  "pulumi-resource-github": ofBridge,
  "pulumi-resource-tls": ofBridge,
  flux: { args: ["version", "--client"], answer: /^flux: (\S+)$/m },
};

/** A version as upstream writes it, from what a program printed: some leave out the `v`. */
export function withV(version: string): string {
  return version.startsWith("v") ? version : `v${version}`;
}
