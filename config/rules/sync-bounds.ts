/**
 * Bounds of the durations of Flux's objects. The check of tenant files and the admission policies share them: a value
 * that a file may have must never be refused on the cluster.
 */

/** The shortest interval of any of Flux's objects: all tenants share the controllers. */
export const LEAST_INTERVAL = "10s";

/**
 * The longest timeout of a sync in a tenant file. It exceeds the bound of objects that tenants make themselves, because
 * people review these files.
 */
export const LONGEST_FILE_TIMEOUT = "30m";
