import assert from "node:assert/strict";
import { mergeSubjects } from "../../../../lib/diagnostics/subjects.js";

const problem = (message: string, subject?: string) => ({
  file: "a.yaml",
  path: "b",
  message,
  ...(subject === undefined ? {} : { subject }),
});

const messages = (...problems: readonly ReturnType<typeof problem>[]) =>
  mergeSubjects(problems).map(({ message }) => message);

describe("problems that differ in their subject alone", () => {
  it("are one, which names the subjects, and counts those after the third", () => {
    assert.deepEqual(messages(problem("is bad", "x")), ["is bad (x)"]);
    assert.deepEqual(messages(problem("is bad", "x"), problem("is bad", "y"), problem("is bad", "x")), [
      "is bad (x, y)",
    ]);
    const many = ["a", "b", "c", "d", "e"].map((name) => problem("is bad", name));
    assert.deepEqual(messages(...many), ["is bad (a, b, c and 2 more)"]);
  });

  it("stay apart where anything else differs, and stay as they are without a subject", () => {
    assert.deepEqual(messages(problem("is bad", "x"), problem("is worse", "y"), problem("is bad")), [
      "is bad (x)",
      "is worse (y)",
    ]);
    assert.deepEqual(messages(problem("is bad"), problem("is worse")), ["is bad", "is worse"]);
  });

  it("do not name a subject twice", () => {
    assert.deepEqual(messages(problem("of team-a is bad", "team-a")), ["of team-a is bad"]);
  });
});
