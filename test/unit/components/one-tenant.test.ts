import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "../../../components/fleet.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { type LastUpdate, lastUpdate } from "../../../lib/state/last-update.js";
import { type Recording, type Registration, resolved } from "../../../review/record/recorder.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const tenantType = "fleet:tenant:Tenant";

/** The tenant's component above a registration, or the registration itself. */
function tenantAbove({ registrations }: Recording, one: Registration): string | undefined {
  if (one.type === tenantType) return one.name;
  const parent = registrations.find(({ urn }) => urn === one.parent);
  return parent === undefined ? undefined : tenantAbove({ registrations } as Recording, parent);
}

/** The last update that a recording leaves behind. */
async function lastOf({ result }: Recording<Fleet>): Promise<LastUpdate> {
  const { tenants, repositoryIds, digests } = result;
  const outputs = await resolved(pulumi.output({ tenants, repositoryIds, digests }));
  const { digests: stashed, ...stack } = outputs;
  const last = lastUpdate({
    "urn:stack": { type: "pulumi:pulumi:Stack", outputs: stack },
    "urn:pulumi:staging::fleet::pulumi:index:Stash::fleet-proved": {
      type: "pulumi:index:Stash",
      outputs: { input: { digests: stashed } },
    },
  });
  assert.ok(last);
  return last;
}

describe("A Fleet limited to one tenant", () => {
  const tenants = [tenantSpec("team-a"), tenantSpec("team-b")];
  const elsewhere = [tenantSpec("team-c")];
  const spec = fleetSpec({ tenants, tenantsElsewhere: elsewhere });
  let whole: Recording<Fleet>;
  let last: LastUpdate;
  before(async () => {
    whole = await recordFleet(spec);
    last = await lastOf(whole);
  });
  const limited = (name: string, changed: FleetSpec = spec) => recordFleet(changed, { only: { name, last } });
  const refusal = async (changed: FleetSpec, args: Parameters<typeof recordFleet>[1] = {}) => {
    try {
      await recordFleet(changed, { ...args, only: { name: "team-a", last } });
    } catch (error) {
      if (error instanceof FleetError) return error.message;
      throw error;
    }
    return "";
  };

  it("is refused by name when a part that tenants share would change", async () => {
    const part = (name: string) =>
      new RegExp(`would leave out changes of parts that all tenants share: ${name}\\. Run`);
    const { admission, platform, flux } = spec;
    const policies = await refusal({ ...spec, admission: { ...admission, sourceHosts: ["git.example.com"] } });
    assert.match(policies, part("the admission policies"));
    assert.equal(policies.split("\n").length, 1);
    const sshAddress = "ssh.github.com:443";
    assert.match(await refusal({ ...spec, github: { ...spec.github, sshAddress } }), part("the platform's sync"));
    assert.match(await refusal(spec, { hostKeys: ["ssh-rsa FOUND"] }), part("the platform's sync"));
    assert.match(await refusal({ ...spec, platform: { ...platform, interval: "5m" } }), part("the platform's sync"));
    assert.match(await refusal({ ...spec, flux: { ...flux, readyTimeout: "9m" } }), part("Flux"));
    assert.match(await refusal(spec, { platformSeed: { "a.yaml": "" } }), part("the platform's repository"));
    assert.match(await refusal({ ...spec, stacks: ["staging"] }), part("the tenants' template"));
    assert.equal(await refusal(spec), "");
  });

  it("is not refused for another content of seed files, which the update would not commit", async () => {
    const seed = { "fleet/a.yaml": "a: 1" };
    const before = await lastOf(await recordFleet(spec, { platformSeed: seed }));
    const platformSeed = { "fleet/a.yaml": "a: 2" };
    await recordFleet(spec, { platformSeed, only: { name: "team-a", last: before } });
  });

  it("is refused when a part is gone, or has come", async () => {
    const { "the tenants' template": _, ...others } = last.digests.parts;
    const without = { ...last, digests: { ...last.digests, parts: others } };
    await assert.rejects(
      recordFleet(spec, { only: { name: "team-a", last: without } }),
      /share: the tenants' template/,
    );
    const more = { ...last, digests: { ...last.digests, parts: { ...last.digests.parts, "the gateway": "x" } } };
    await assert.rejects(recordFleet(spec, { only: { name: "team-a", last: more } }), /share: the gateway/);
  });

  it("registers nothing of the tenant before that check", async () => {
    const names: string[] = [];
    await assert.rejects(
      recordFleet({ ...spec, stacks: ["staging"] }, { only: { name: "team-a", last } }).then(({ registrations }) =>
        names.push(...registrations.map(({ name }) => name)),
      ),
    );
    assert.deepEqual(names, []);
  });

  it("registers the shared parts and this tenant, with the same inputs and dependencies as the whole stack", async () => {
    for (const name of ["team-a", "team-b", "team-c"]) {
      const { registrations } = await limited(name);
      const expected = whole.registrations.filter((one) => [undefined, name].includes(tenantAbove(whole, one)));
      const byUrn = (list: readonly Registration[]) => [...list].sort((a, b) => (a.urn < b.urn ? -1 : 1));
      assert.deepEqual(byUrn(registrations), byUrn(expected));
      assert.ok(registrations.some((one) => one.type === tenantType && one.name === name));
    }
  });

  it("has no outputs of a tenant that leaves the cluster", async () => {
    const moved = fleetSpec({
      tenants: [tenantSpec("team-b")],
      tenantsElsewhere: [tenantSpec("team-a"), ...elsewhere],
    });
    const now = await lastOf(await limited("team-a", moved));
    assert.deepEqual(Object.keys(now.tenants), ["team-b"]);
  });

  it("keeps the outputs and digests of the others", async () => {
    const changed = fleetSpec({
      tenants: [
        tenantSpec("team-a", { limits: { size: "large" } }),
        tenantSpec("team-b", { limits: { size: "large" } }),
      ],
      tenantsElsewhere: elsewhere,
    });
    const now = await lastOf(await limited("team-a", changed));
    assert.deepEqual(now.tenants, last.tenants);
    assert.deepEqual(now.repositoryIds, last.repositoryIds);
    assert.deepEqual(Object.keys(now.tenants).sort(), ["team-a", "team-b"]);
    assert.deepEqual(Object.keys(now.repositoryIds ?? {}).sort(), [
      "platform",
      "team-a",
      "team-b",
      "team-c",
      "tenant-template",
    ]);
    assert.deepEqual(now.digests.parts, last.digests.parts);
    const same = Object.entries(now.digests.tenants).filter(([name, digest]) => last.digests.tenants[name] === digest);
    assert.deepEqual(same.map(([name]) => name).sort(), ["team-b", "team-c"]);
  });

  it("adds a tenant, and no other new one", async () => {
    const more = fleetSpec({
      tenants: [...tenants, tenantSpec("new"), tenantSpec("newer")],
      tenantsElsewhere: elsewhere,
    });
    const now = await lastOf(await limited("new", more));
    assert.deepEqual(Object.keys(now.tenants).sort(), ["new", "team-a", "team-b"]);
    assert.deepEqual(Object.keys(now.digests.tenants).sort(), ["new", "team-a", "team-b", "team-c"]);
  });
});
