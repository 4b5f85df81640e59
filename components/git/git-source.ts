import type * as pulumi from "@pulumi/pulumi";

/** What a GitRepository follows, and how often it looks. */
export interface GitSourceArgs {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
  /** `ssh://` URL. */
  readonly url: pulumi.Input<string>;
  /** Branch whose head is fetched. */
  readonly branch: string;
  /** Time between two looks, a Go duration: `"1m"`. */
  readonly interval: string;
  /** Whether Flux stops looking. @default false */
  readonly suspend?: boolean;
  /** Secret with the deploy key, in the same namespace. */
  readonly secretName: string;
}

/**
 * The GitRepository that fetches one branch with a deploy key.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/
 */
export function gitSource(args: GitSourceArgs) {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: args.name, namespace: args.namespace, labels: args.labels },
    spec: {
      url: args.url,
      ref: { branch: args.branch },
      interval: args.interval,
      timeout: "60s",
      suspend: args.suspend ?? false,
      secretRef: { name: args.secretName },
    },
  };
}
