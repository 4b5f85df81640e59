import assert from "node:assert/strict";
import { isSecretMark, type StackPlan } from "../../../../review/planned-resource.js";
import { recordStack } from "../../../../review/record/record-stack.js";
import { fixtures } from "../../../support/fixtures.js";
import { fleetSpec, type Sections, tenantSpec } from "../../../support/unit/spec.js";

const secretNotice = { notifications: { chat: { type: "slack", secret: "hook" } } } as const satisfies Sections;

/** A stack with these tenants, and these values of the tenants' secrets. */
function plan(tenants: Readonly<Record<string, Sections>>, secrets = {}, secretKey?: string): Promise<StackPlan> {
  const specs = Object.entries(tenants).map(([name, sections]) => tenantSpec(name, sections));
  const config = { secrets: JSON.stringify(secrets) };
  return recordStack({ root: fixtures, spec: fleetSpec({ tenants: specs }), config, secretKey });
}

function secretOf({ resources }: StackPlan, name: string) {
  const found = resources.find((one) => one.type === "kubernetes:core/v1:Secret" && one.name.includes(name));
  assert.ok(found, name);
  return found.inputs.data;
}

describe("the plan of a stack", () => {
  it("is the same on every run", async () => {
    const tenants = { "team-a": secretNotice };
    const values = { "team-a": { hook: "https://hooks.example.com/1" } };
    assert.deepEqual(await plan(tenants, values, "key"), await plan(tenants, values, "key"));
  });

  it("has no value of a secret, and tells whether it changed by marks of one key", async () => {
    const tenants = { "team-a": secretNotice };
    const withHook = (path: string, key: string) =>
      plan(tenants, { "team-a": { hook: `https://hooks.example.com/${path}` } }, key);
    // One after the other: there is one engine in a process.
    const one = await withHook("first", "key");
    const same = await withHook("first", "key");
    const other = await withHook("second", "key");
    const otherKey = await withHook("first", "other key");
    for (const found of [one, other]) assert.doesNotMatch(JSON.stringify(found), /hooks\.example|made-up private/);
    assert.ok(isSecretMark(secretOf(one, "chat")));
    assert.deepEqual(secretOf(one, "chat"), secretOf(same, "chat"));
    assert.notDeepEqual(secretOf(one, "chat"), secretOf(other, "chat"));
    assert.notDeepEqual(secretOf(one, "chat"), secretOf(otherKey, "chat"));
  });

  it("names the teams that the program does not create, by an id that other teams do not change", async () => {
    const team = (name: string): Sections => ({ team: { name, existing: true } });
    const alone = await plan({ "team-b": team("people-b") });
    const both = await plan({ "team-a": team("people-a"), "team-b": team("people-b") });
    const [[id, name] = []] = Object.entries(alone.existingTeams);
    assert.equal(name, "people-b");
    assert.equal(both.existingTeams[id ?? ""], "people-b");
  });

  it("names an organisation that the settings leave to the environment of an update", async () => {
    const { github, ...rest } = fleetSpec({ tenants: [tenantSpec("team-a")] });
    const spec = { ...rest, github: { ...github, owner: "" } };
    const { resources } = await recordStack({ root: fixtures, spec, config: {} });
    const source = resources.find(({ name }) => name === "team-a.team-a-source");
    assert.equal(
      (source?.inputs.spec as { url: string } | undefined)?.url,
      "ssh://git@github.com/organisation/team-a.git",
    );
  });

  it("has the addresses of the organisation that a command knows, and allows its hosts", async () => {
    const { github, ...rest } = fleetSpec({ tenants: [tenantSpec("team-a")] });
    const gitHub = {
      owner: "shop",
      host: "ghe.example.com",
      clonePrefix: "ssh://git@ssh.example.com:2222/shop/",
      pagePrefix: "https://ghe.example.com/shop/",
    };
    const spec = { ...rest, github: { ...github, owner: "" } };
    const { resources } = await recordStack({ root: fixtures, spec, config: {}, gitHub });
    const source = resources.find(({ name }) => name === "team-a.team-a-source");
    assert.equal(
      (source?.inputs.spec as { url: string } | undefined)?.url,
      "ssh://git@ssh.example.com:2222/shop/team-a.git",
    );
    const policy = resources.find(({ name }) => name === "fleet-admission-flux-source");
    assert.match(JSON.stringify(policy?.inputs), /ghe\.example\.com.*ssh\.example\.com:2222/);
  });
});
