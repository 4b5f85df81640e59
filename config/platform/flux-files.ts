import type { Files } from "./kustomize-build.js";

/** Names of files and folders that Flux leaves out of each Git source, unless the source says otherwise. */
const leftOut = [
  /\.(?:jpe?g|gif|png|wmv|flv|tar\.gz|zip)$/,
  /^\.git(?:ignore|modules|attributes)$/,
  /^(?:\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml|\.drone\.yml|cloudbuild\.yaml|codeship-(?:services|steps)\.yml)$/,
  /^\.(?:goreleaser\.yml|sops\.yaml|flux\.yaml)$/,
];

/** Folders of the same kind. */
const leftOutFolders: readonly string[] = [".git", ".github", ".circleci"];

/**
 * The files of a checkout that Flux has. A manifest that it leaves out must not count as one that it applies.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#default-exclusions
 */
export function fluxFiles(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([file]) => !isLeftOut(file.split("/"))));
}

function isLeftOut(path: readonly string[]): boolean {
  return (
    path.some((step) => leftOut.some((form) => form.test(step))) ||
    path.slice(0, -1).some((folder) => leftOutFolders.includes(folder))
  );
}
