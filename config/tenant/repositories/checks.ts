import { isPlainObject, type PlainObject, type PlainValue } from "../../../lib/data/merge.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { objectIn, placed } from "../../files/declared-tenant.js";
import type { Catalogue } from "../../files/tenant-files.js";
import type { YamlFile } from "../../files/yaml-file.js";

/**
 * What is wrong between the fields of a tenant's repositories. They exist once for all stacks, so every base file
 * counts. What is wrong in itself is passed over: whoever reads the files has said so.
 */
export function repositoryProblems(catalogue: Catalogue): Problem[] {
  return [...catalogue.base.values()].flatMap((base) =>
    repositoriesOf(base).flatMap((repository) =>
      repository.said.existing === true
        ? foreignProblems(repository)
        : [...protectionProblems(repository), ...doubleProblems(repository)],
    ),
  );
}

interface Repository {
  readonly said: PlainObject;
  /** A problem at a place in this repository. */
  readonly at: (place: readonly (string | number)[], what: Pick<Problem, "message" | "fix">) => Problem;
}

function repositoriesOf(base: YamlFile): Repository[] {
  const { repository, repositories } = objectIn(base);
  const further = Object.entries(objectOf(repositories)).map(([name, said]) => ({
    place: ["repositories", name],
    said,
  }));
  return [{ place: ["repository"], said: repository }, ...further].map(({ place, said }) => ({
    said: objectOf(said),
    at: (rest, what) => ({ ...placed(base, [...place, ...rest]), ...what }),
  }));
}

/** Settings of a repository, which whoever made it keeps. */
const settings = ["protection", "topics", "codeowners"];

function foreignProblems({ said, at }: Repository): Problem[] {
  return settings
    .filter((field) => said[field] !== undefined)
    .map((field) =>
      at([field], {
        message: "cannot be said of a repository that somebody else made (existing: true), and who keeps its settings",
        fix: "Remove it, and set it on GitHub",
      }),
    );
}

/** Demands that nothing would enforce; who wrote them would believe the branch to be better protected than it is. */
function protectionProblems({ said, at }: Repository): Problem[] {
  const protection = objectOf(said.protection);
  const { enabled, pullRequest, reviews, codeOwners, checks } = protection;
  if (enabled === false) {
    return Object.entries({ pullRequest, reviews, codeOwners, checks })
      .filter(([, value]) => value === true || (typeof value === "number" && value > 0) || listOf(value).length > 0)
      .map(([field]) =>
        at(["protection", field], {
          message: "is demanded of a branch that is not protected at all (enabled: false)",
          fix: "Remove one of the two",
        }),
      );
  }
  const problems: Problem[] = [];
  const ofPullRequests = { reviews: typeof reviews === "number" && reviews > 0, codeOwners: codeOwners === true };
  for (const [field, wanted] of Object.entries(ofPullRequests)) {
    if (!wanted || pullRequest === true) continue;
    const message = "is demanded of pull requests, without which the branch can be changed (pullRequest is not true)";
    problems.push(at(["protection", field], { message, fix: "Add pullRequest: true, or remove it" }));
  }
  if (codeOwners === true && listOf(said.codeowners).length === 0) {
    const message = "asks for the approval of owners, and there is no codeowners that names any";
    problems.push(at(["protection", "codeOwners"], { message, fix: "Add codeowners to the repository, or remove it" }));
  }
  return problems;
}

/** What is there twice. Of two equal patterns only the last would count. */
function doubleProblems({ said, at }: Repository): Problem[] {
  const patterns = listOf(said.codeowners).map((line) => objectOf(line).pattern);
  return [
    ...doubles(listOf(said.topics)).map((index) => at(["topics", index], doubled)),
    ...doubles(listOf(objectOf(said.protection).checks)).map((index) => at(["protection", "checks", index], doubled)),
    ...doubles(patterns).map((index) => at(["codeowners", index, "pattern"], doubled)),
  ];
}

const doubled = { message: "is there already", fix: "Keep one of them" };

function doubles(values: readonly (PlainValue | undefined)[]): number[] {
  return values.flatMap((value, index) => (typeof value === "string" && values.indexOf(value) < index ? [index] : []));
}

function objectOf(value: PlainValue | undefined): PlainObject {
  return isPlainObject(value) ? value : {};
}

function listOf(value: PlainValue | undefined): readonly PlainValue[] {
  return Array.isArray(value) ? value : [];
}
