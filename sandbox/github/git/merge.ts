import type { BareRepository } from "./bare-repository.js";

/**
 * The tree that joins two commits.
 * @returns undefined when they conflict, or have nothing in common
 */
export async function mergedTree(repository: BareRepository, base: string, head: string): Promise<string | undefined> {
  const related = await repository.git(["merge-base", base, head], { expect: [0, 1] });
  if (related.code !== 0) return undefined;
  // Needs Git 2.38: merges without a work tree. 1 stands for conflicts.
  const { code, stdout } = await repository.git(["merge-tree", "--write-tree", base, head], { expect: [0, 1] });
  return code === 0 ? stdout.toString().split("\n", 1)[0] : undefined;
}

/** The commits of a head that its base lacks, and its changed lines since their merge base. */
export async function comparison(repository: BareRepository, base: string, head: string) {
  const commits = await repository.commitsBetween(base, head);
  const { stdout } = await repository.git(["diff", "--numstat", "-z", "--no-renames", `${base}...${head}`], {
    // 128: no common ancestor, so nothing to compare with.
    expect: [0, 128],
  });
  const files = stdout
    .toString()
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
  const sum = (column: number): number => files.reduce((total, file) => total + (Number(file[column]) || 0), 0);
  return { commits: commits.length, additions: sum(0), deletions: sum(1), changedFiles: files.length };
}
