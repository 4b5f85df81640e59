import assert from "node:assert/strict";
import fc from "fast-check";
import {
  componentUrn,
  indexState,
  nameInUrn,
  objectIdentity,
  type StackState,
} from "../../../../lib/state/stack-state.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";
import { stateOf } from "../../../support/unit/state-of.js";

const label = "fleet.dev/tenant";

describe("objectIdentity", () => {
  it("is one for all versions of an API", () => {
    const metadata = { name: "web", namespace: "team-a" };
    const type = (version: string) => `kubernetes:notification.toolkit.fluxcd.io/${version}:Alert`;
    assert.equal(objectIdentity(type("v1beta3"), metadata), objectIdentity(type("v1"), metadata));
  });

  it("differs by group, kind, namespace and name", () => {
    const kind = fc.stringMatching(/^[A-Z][a-z]{0,3}$/);
    const text = fc.stringMatching(/^[a-z.-]{1,4}$/);
    const object = fc.record({ group: text, kind, namespace: text, name: text });
    const identity = ({
      group,
      kind,
      namespace,
      name,
    }: {
      group: string;
      kind: string;
      namespace: string;
      name: string;
    }) => objectIdentity(`kubernetes:${group}/v1:${kind}`, { namespace, name });
    fc.assert(
      fc.property(object, object, (one, other) => {
        assert.equal(identity(one) === identity(other), JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it("is none for another provider's resource, and for a name that is not known yet", () => {
    assert.equal(objectIdentity("github:index/repository:Repository", { name: "web" }), undefined);
    assert.equal(objectIdentity("kubernetes:core/v1:Secret", { name: Promise.resolve("web") }), undefined);
    assert.equal(objectIdentity("kubernetes:core/v1:Secret", undefined), undefined);
  });
});

describe("componentUrn", () => {
  const urn =
    "urn:pulumi:staging::fleet::fleet:index:Fleet$fleet:tenant:Namespace$kubernetes:core/v1:Namespace::a.b-namespace";

  it("is that of the component above", () => {
    const component = "urn:pulumi:staging::fleet::fleet:index:Fleet$fleet:tenant:Namespace::a.b";
    assert.equal(componentUrn(urn, "fleet:tenant:Namespace", "-namespace"), component);
  });

  it("is none for a resource of another component, or of another name", () => {
    assert.equal(componentUrn(urn, "fleet:tenant:Webhook", "-namespace"), undefined);
    assert.equal(componentUrn(urn, "fleet:tenant:Namespace", "-receiver"), undefined);
  });
});

describe("nameInUrn", () => {
  it("keeps colons of the name", () => {
    assert.equal(nameInUrn("urn:pulumi:staging::fleet::a:b:C::one::two"), "one::two");
  });
});

describe("indexState", () => {
  /** The state of a fleet with one tenant. */
  async function fleetState(): Promise<StackState> {
    const tenants = [tenantSpec("team-a", { repository: { name: "Web" } })];
    return stateOf((await recordFleet(fleetSpec({ tenants }))).registrations);
  }

  it("finds tenants' namespaces and repositories by their own names", async () => {
    const { namespaces, repositories, managed, platformRepository } = indexState(await fleetState(), label);
    assert.deepEqual(namespaces, [{ name: "team-a", tenant: "team-a" }]);
    const { urn, ...web } = repositories.get("web") ?? {};
    assert.deepEqual(web, { name: "Web", tenant: "team-a", managed: true });
    assert.match(String(urn), /fleet:tenant:Tenant\$fleet:tenant:Repository::team-a\.web$/);
    assert.deepEqual([...managed.keys()].sort(), ["platform", "tenant-template", "web"]);
    assert.equal(platformRepository, "platform");
  });

  it("finds the deploy keys with their titles", async () => {
    const { keys } = indexState(await fleetState(), label);
    assert.deepEqual(keys.map(({ repository }) => repository).sort(), ["Web", "platform"]);
    assert.ok(keys.every(({ title }) => title === "fleet/staging (read-only)"));
  });

  it("does not count what was handed over as managed", () => {
    const urn =
      "urn:pulumi:staging::fleet::fleet:git:HandedOver$github:index/repository:Repository::a.b-repository-github";
    const { managed, repositories } = indexState(
      { [urn]: { type: "github:index/repository:Repository", outputs: { name: "b" } } },
      label,
    );
    assert.deepEqual([managed.size, repositories.size], [0, 0]);
  });
});
