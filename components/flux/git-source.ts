import type * as pulumi from "@pulumi/pulumi";

/** What a GitRepository follows, and how often it looks. */
export interface GitSourceArgs {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
  /** `ssh://` URL. */
  readonly url: pulumi.Input<string>;
  /** What is fetched: the head of a branch, a tag, the newest of a range of versions, a commit. */
  readonly ref: Readonly<Partial<Record<"branch" | "tag" | "semver" | "commit", string | undefined>>>;
  /** Time between two looks, a Go duration: `"1m"`. */
  readonly interval: string;
  /** Whether Flux stops looking. @default false */
  readonly suspend?: boolean;
  /** Secret with the deploy key, in the same namespace. */
  readonly secretName: string;
}

/**
 * The GitRepository that fetches one reference with a deploy key.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/
 */
export function gitSource(args: GitSourceArgs) {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: args.name, namespace: args.namespace, labels: args.labels },
    spec: {
      url: args.url,
      ref: { ...args.ref },
      interval: args.interval,
      timeout: "60s",
      suspend: args.suspend ?? false,
      secretRef: { name: args.secretName },
    },
  };
}
