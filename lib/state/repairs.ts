/** How the update treats objects of the cluster that others changed, by identity as in the state. */
export interface Repairs {
  /** Value of the annotation {@link TAKEN_BACK_ANNOTATION} of each object that was taken back, now or before. */
  readonly notes: ReadonlyMap<string, string>;
  /** Objects of the state that the cluster does not have any more. */
  readonly deleted: ReadonlySet<string>;
  /** Objects of Flux that an operator suspended. The update leaves them suspended. */
  readonly suspended: ReadonlySet<string>;
}

/** The repairs of a cluster that no one has changed. */
export const noRepairs: Repairs = { notes: new Map(), deleted: new Set(), suspended: new Set() };
