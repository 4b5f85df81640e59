import { atMost, demand, refuse, ruleOf } from "./rule.js";

const fix = "Write a path from the root of the repository, for instance ./deploy/staging";

/**
 * Folder in a repository, from its root: `./deploy/staging`. It starts with `./`, so that it does not look like a path
 * of the machine, and has no `..`: Flux refuses a path that leaves the repository only when it syncs.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#path
 */
export const repositoryPath = ruleOf(
  { pattern: "^\\./[^\\\\\\p{Cc}]*$", maxLength: 1024 },
  demand(/^\.\//, 'does not start with "./"', fix),
  atMost(1024, fix),
  refuse(/[\\\p{Cc}]/u, "contains a backslash or a control character", fix),
  refuse(/\/\.\.(\/|$)/, 'contains "..", which could leave the repository', fix),
  // "./" is the root itself; one "/" at the end does no harm.
  refuse(/\/\/|\/\.(\/|$)/, 'contains an empty part or "."', fix),
);
