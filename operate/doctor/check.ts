/** One thing that `fleet doctor` has looked at. */
export interface Check {
  readonly area: "tools" | "files" | "pulumi" | "GitHub" | "cluster";
  /** `Node`, `scope admin:org` */
  readonly name: string;
  /** A warning does not stop `pulumi up`. */
  readonly result: "ok" | "warning" | "problem";
  /** The finding, without a period. */
  readonly detail: string;
  /** The remedy, as a sentence without a period. @default - nothing to do */
  readonly fix?: string;
}
