import type { Rule } from "./rule.js";

/**
 * Folder in a repository, from its root: `./deploy/staging`.
 *
 * It starts with `./`, so that it does not look like a path of the machine, and has no `..`: a path that leaves the
 * repository is refused by Flux only when it syncs.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#path
 */
export const repositoryPath: Rule = {
  pattern: "^\\./[^\\\\\\p{Cc}]*$",
  maxLength: 1024,
  check(value) {
    const fix = "Write a path from the root of the repository, for instance ./deploy/staging";
    if (!value.startsWith("./")) return { message: 'does not start with "./"', fix };
    if (value.length > 1024) return { message: "is longer than 1024 characters", fix };
    if (/[\\\p{Cc}]/u.test(value)) return { message: "contains a backslash or a control character", fix };
    // "./" is the root itself; one "/" at the end does no harm.
    const parts = value.slice(2).replace(/\/$/, "").split("/");
    if (parts.includes("..")) return { message: 'contains "..", which could leave the repository', fix };
    if (value !== "./" && parts.some((part) => part === "" || part === ".")) {
      return { message: 'contains an empty part or "."', fix };
    }
    return undefined;
  },
};
