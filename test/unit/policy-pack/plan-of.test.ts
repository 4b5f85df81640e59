import assert from "node:assert/strict";
import { type EngineResource, planOf } from "../../../policy-pack/plan-of.js";

const prefix = "urn:pulumi:staging::fleet::";

function resource(type: string, name: string, parent: string, props: object = {}): EngineResource {
  const opts = {
    protect: false,
    ignoreChanges: [],
    aliases: [],
    customTimeouts: noTimeouts,
    additionalSecretOutputs: [],
  };
  return {
    type,
    name,
    urn: `${prefix}${type}::${name}`,
    props: { ...props },
    opts: { ...opts, parent: `${prefix}${parent}` },
  };
}

const noTimeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

describe("the plan of a stack that the engine shows to a policy pack", () => {
  const plan = planOf([
    resource("fleet:index:Fleet", "fleet", ""),
    resource("fleet:tenant:Tenant", "team-b", "fleet:index:Fleet::fleet"),
    resource("fleet:tenant:Tenant", "team-a", "fleet:index:Fleet::fleet"),
    resource("fleet:tenant:Namespace", "team-a.team-a", "fleet:tenant:Tenant::team-a"),
    resource("kubernetes:core/v1:Namespace", "team-a.team-a-namespace", "fleet:tenant:Namespace::team-a.team-a", {
      metadata: { name: "team-a" },
    }),
    resource("kubernetes:core/v1:Namespace", "flux", "fleet:index:Fleet::fleet"),
  ]);

  it("has the stack of the resources and its tenants", () => {
    assert.equal(plan.stack, "staging");
    assert.deepEqual(plan.tenants, ["team-a", "team-b"]);
  });

  it("knows the tenant of each resource by its parents", () => {
    const tenants = Object.fromEntries(plan.resources.map(({ name, tenant }) => [name, tenant]));
    const own = {
      "team-a": "team-a",
      "team-a.team-a": "team-a",
      "team-a.team-a-namespace": "team-a",
      "team-b": "team-b",
    };
    assert.deepEqual(tenants, { ...own, fleet: undefined, flux: undefined });
  });

  it("has what the engine knows of a resource as its inputs, and the name of its parent", () => {
    const namespace = plan.resources.find(({ name }) => name === "team-a.team-a-namespace");
    assert.deepEqual(namespace?.inputs, { metadata: { name: "team-a" } });
    assert.equal(namespace?.parent, "team-a.team-a");
  });
});
