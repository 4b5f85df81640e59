import type { BareRepository } from "../git/bare-repository.js";
import { readCommits } from "../git/commit.js";
import type { Rule } from "../state/records.js";

/**
 * What a push breaks of a rule about every new commit.
 * @param before the former tip; null when the reference is new
 */
export async function commitViolations(
  rule: Rule,
  objects: BareRepository,
  before: string | null,
  after: string,
): Promise<readonly string[]> {
  const commits = await readCommits(objects, [after, "--not", before ?? "--all"]);
  if (commits.length === 0) return [];
  switch (rule.type) {
    case "required_linear_history":
      return commits.some(({ parents }) => parents.length > 1) ? ["This branch must not contain merge commits."] : [];
    case "required_signatures":
      // The emulator knows nobody's signing keys, so no signature can be verified.
      return ["Commits must have verified signatures."];
    case "commit_message_pattern": {
      const messages = commits.map(({ message }) => message);
      return patternViolations(rule, "Commit message", messages);
    }
    case "commit_author_email_pattern": {
      const emails = commits.map(({ author }) => author.email);
      return patternViolations(rule, "Commit author email", emails);
    }
    case "committer_email_pattern": {
      const emails = commits.map(({ committer }) => committer.email);
      return patternViolations(rule, "Committer email", emails);
    }
    default:
      throw new Error(`Rule ${rule.type} was accepted but is not enforced.`);
  }
}

/** What values break of a rule with a pattern. @param subject what the values are, for the sentence */
export function patternViolations(rule: Rule, subject: string, values: readonly string[]): readonly string[] {
  const { operator, pattern, negate } = rule.parameters ?? {};
  const text = String(pattern);
  const unwanted = negate === true;
  if (values.every((value) => matches(String(operator), text, value) !== unwanted)) return [];
  return [`${subject} must ${unwanted ? "not " : ""}match a pattern: ${String(operator)} ${text}`];
}

function matches(operator: string, pattern: string, value: string): boolean {
  switch (operator) {
    case "starts_with":
      return value.startsWith(pattern);
    case "ends_with":
      return value.endsWith(pattern);
    case "contains":
      return value.includes(pattern);
    default:
      return new RegExp(pattern, "m").test(value);
  }
}
