import assert from "node:assert/strict";
import { registrationsIn } from "../../../../operate/clean/registrations.js";

const key = { type: "github:index/repositoryDeployKey:RepositoryDeployKey", inputs: { key: "ssh-ed25519 AAAA ada" } };

describe("the registrations of a state", () => {
  it("are an error for a state that is none, and for a key that cannot be compared", () => {
    for (const state of ["", {}, { deployment: { resources: {} } }]) {
      assert.throws(() => registrationsIn(state), /has no list of resources/);
    }
    const hidden = { ...key, inputs: { key: { ciphertext: "…" } } };
    assert.throws(() => registrationsIn({ deployment: { resources: [hidden] } }), /without its public half/);
  });

  it("are its keys and webhooks, and those that an update has not removed yet", () => {
    const hook = { type: "github:index/repositoryWebhook:RepositoryWebhook", id: "17" };
    const former = { ...key, delete: true, inputs: { key: "ssh-ed25519 BBBB" } };
    const { keys, hooks } = registrationsIn({ deployment: { resources: [key, hook, former, { type: "other" }] } });
    assert.deepEqual([...keys], ["ssh-ed25519 AAAA", "ssh-ed25519 BBBB"]);
    assert.deepEqual([...hooks], ["17"]);
  });

  it("are none of an empty state", () => {
    assert.deepEqual(registrationsIn({ deployment: {} }), { keys: new Set(), hooks: new Set() });
  });
});
