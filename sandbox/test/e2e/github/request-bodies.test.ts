import assert from "node:assert/strict";
import { requestProblem } from "../../support/openapi.js";

/** Every request of these tests that the emulator accepts is compared like this. */
describe("GitHub's description of request bodies", () => {
  const comments = "/repos/acme/code/issues/1/comments";
  const statuses = `/repos/acme/code/statuses/${"a".repeat(40)}`;
  const deployments = "/repos/acme/code/deployments";

  for (const [method, path, body] of [
    ["POST", comments, { body: "text" }],
    ["POST", statuses, { state: "success", context: "ci", target_url: null }],
    ["POST", deployments, { ref: "main", environment: "staging", auto_merge: false, required_contexts: [] }],
    ["POST", `${deployments}/1/statuses`, { state: "in_progress", auto_inactive: false }],
    ["PATCH", "/repos/acme/code/issues/1", { state: "closed", state_reason: "completed" }],
    ["GET", comments, undefined],
  ] as const) {
    it(`has what ${method} ${path} is sent here`, () => assert.equal(requestProblem(method, path, body), undefined));
  }

  for (const [title, method, path, body, problem] of [
    ["a field that is missing", "POST", comments, {}, /must have required property 'body'/],
    ["a field of another form", "POST", comments, { body: 5 }, /data\/body must be string/],
    ["a field that GitHub ignores", "POST", comments, { body: "x", marker: "m" }, /knows no field marker$/],
    [
      "a value that there is not",
      "POST",
      statuses,
      { state: "fine" },
      /data\/state must be equal to one of the allowed/,
    ],
    ["a body where none is read", "DELETE", "/repos/acme/code/issues/comments/1", {}, /takes no body$/],
    ["an address that there is not", "POST", "/repos/acme/code/remarks", {}, /^GitHub has no POST/],
  ] as const) {
    it(`names ${title}`, () => assert.match(requestProblem(method, path, body) ?? "", problem));
  }
});
