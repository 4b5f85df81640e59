import semver from "semver";

/**
 * Whether the version in `go1.25.3` or `git version 2.37.1 (Apple)` is older than `1.26.0` or `2.38`. A development
 * version (`devel go1.27-abc`) counts as its release. A text without a version counts as older than any.
 */
export function isOlder(text: string, oldest: string): boolean {
  const [version, wanted] = [semver.coerce(text), semver.coerce(oldest)];
  return version === null || wanted === null || semver.lt(version, wanted);
}
