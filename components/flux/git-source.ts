import type * as pulumi from "@pulumi/pulumi";

/** A Git reference, its deploy key, and how often Flux fetches it. */
export interface GitSourceArgs {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
  /** `ssh://` URL. */
  readonly url: pulumi.Input<string>;
  /** A branch, a tag, a range of versions, or a commit. */
  readonly ref: Readonly<Partial<Record<"branch" | "tag" | "semver" | "commit", string | undefined>>>;
  /** Time between two fetches, a Go duration: `"1m"`. */
  readonly interval: string;
  /** Whether Flux stops fetching. @default false */
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
