/** What a tenant gets whose file does not say otherwise, as far as it is the same for all of them. */
export const tenantDefaults = {
  /** Nobody outside the organisation, and only invited people inside, can read it. */
  visibility: "private",
  /** What GitHub calls the first branch of a new repository. */
  defaultBranch: "main",
  /** A push shows after a minute at most, which costs one small request a minute. */
  interval: "1m",
  /** Sooner than the next look at Git: what failed may have been waiting for something that is there now. */
  retryInterval: "30s",
  /** Enough to pull images and start, short enough not to hold one of the controller's workers for long. */
  timeout: "3m",
  suspend: false,
  /** Room for a few services; whoever needs more says so, and somebody reads it. */
  size: "small",
  /** What a hostile pod would need is refused before it starts. */
  podSecurity: "restricted",
  /** Pods that need the Kubernetes API say so; the others have one secret less to lose. */
  automountToken: false,
  /** Most teams roll out as Kubernetes does, and the infrastructure need not have Flagger. */
  progressiveDelivery: false,
  existing: false,
  /** What clusters follow can be neither rewritten nor deleted; a mistake is undone by a commit. */
  protection: true,
  /** A small team pushes; whoever wants a second pair of eyes says so. */
  pullRequest: false,
  codeOwners: false,
  scaffold: true,
  /** What was applied goes with the sync if it was pruned before, and stays if it was not. */
  deletionPolicy: "MirrorPrune",
  /** What succeeds is what everybody expects, and whoever is told of it all stops reading. */
  events: "error",
  /** GitHub must be able to reach the cluster for it. */
  webhook: false,
  /** Not every team has pipelines that talk to clusters. */
  robot: false,
  /** Short-lived tokens are asked for when they are needed, and cannot be lost for long. */
  robotToken: false,
} as const;
