import assert from "node:assert/strict";
import { judgePulumi } from "../../../../operate/doctor/judge-pulumi.js";

const facts = { stacks: [], needsPassphrase: false, hasPassphrase: false };

describe("the check of the engine's login", () => {
  it("shows no password of the backend's address, neither logged in nor refused", () => {
    const url = "postgres://fleet:hunter2@db.example.com/state";
    const [login] = judgePulumi("staging", { ...facts, login: { user: "ada", url } });
    assert.equal(login?.detail, "ada at postgres://…@db.example.com/state");
    const [refused] = judgePulumi("staging", { ...facts, login: { reason: `unable to open bucket ${url}` } });
    assert.deepEqual(
      [refused?.result, refused?.detail],
      ["problem", "unable to open bucket postgres://…@db.example.com/state"],
    );
  });
});
