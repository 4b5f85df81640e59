/**
 * Disk and memory that a first build takes, measured with empty Go caches (docs/toolchain.md). README.md prints the same
 * figures, which a test holds to these.
 */
export const firstBuild = {
  /** GB of the finished parts that the example tenants need. */
  partsGB: 1.2,
  /** GB of npm packages. */
  packagesGB: 0.8,
  /** GB of Go's caches: modules, and compiled packages. */
  goCachesGB: 10.2,
  /** GiB that the linker of the largest part takes. */
  linkerGiB: 4,
} as const;

/** GB of disk that a first build takes in all. */
export const firstBuildGB = Math.round(firstBuild.partsGB + firstBuild.packagesGB + firstBuild.goCachesGB);

/** A warning of too little disk space for a first build. Empty where there is enough. @param freeBytes bytes that are free */
export function diskWarning(freeBytes: number): string {
  const freeGB = Math.floor(freeBytes / 1e9);
  if (freeGB >= firstBuildGB) return "";
  return ` A first build takes about ${firstBuildGB} GB of disk, and ${freeGB} GB are free.`;
}
