// The check of tenant files and the admission policies share these bounds of durations of Flux's objects: a value that a
// file may have must never be refused on the cluster.

/** The shortest interval of any of Flux's objects: all tenants share the controllers. */
export const LEAST_INTERVAL = "10s";

/** The longest timeout of a sync in a tenant file, above that of tenants' own objects: people review these files. */
export const LONGEST_FILE_TIMEOUT = "30m";
