import assert from "node:assert/strict";
import { indexState, objectIdentity, type StateIndex } from "../../../lib/state/stack-state.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, type Sections, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

type Part = "web" | "jobs";
const other = { web: "jobs", jobs: "web" } as const;

/** Which part stands first, as its owner edits the file. */
interface Places {
  readonly namespace: Part;
  readonly repository: Part;
  /** The namespace of the accounts, the imports and the exports; none means the first. */
  readonly named: boolean;
}

/** A file with the same things, whatever their places in it. */
function sectionsOf({ namespace, repository, named }: Places): Sections {
  const at = (part: Part) => (named || part !== namespace ? { namespace: part } : {});
  const of = (part: Part) => (part === repository ? {} : { repository: part });
  return {
    namespace: { name: namespace },
    namespaces: { [other[namespace]]: {} },
    repository: { name: repository },
    repositories: { [other[repository]]: {} },
    syncs: Object.fromEntries(
      (["web", "jobs"] as const).flatMap((part) => [
        [`${part}-web`, { path: "./one", ...at(part), ...of("web") }],
        [`${part}-jobs`, { path: "./two", ...at(part), ...of("jobs") }],
      ]),
    ),
    access: { viewers: ["a"], roles: { support: ["c"] } },
    robot: { enabled: true, token: true },
    webhook: true,
    serviceAccounts: { uploader: { ...at("web") }, cleaner: { ...at("jobs") } },
    imports: {
      cart: { tenant: "shop", export: "cart", ...at("web") },
      box: { tenant: "shop", export: "cart", ...at("jobs") },
    },
    exports: { page: { service: "page", port: 80, pods: { app: "page" }, to: ["shop"], ...at("jobs") } },
    notifications: { chat: { type: "slack", secret: "chat" } },
    pullSecrets: { own: { registry: "ghcr.io", username: "web", secret: "registry" } },
  };
}

async function recorded(places: Places, state?: StateIndex) {
  const exports = { cart: { service: "cart", port: 8080, pods: { app: "cart" }, to: ["team"] } };
  const tenants = [tenantSpec("team", sectionsOf(places)), tenantSpec("shop", { exports })];
  const spec = fleetSpec({ tenants });
  const settings = { ...spec, flux: { ...spec.flux, webhookUrl: "https://hooks.example.com" } };
  const secrets = { team: { chat: "made up", registry: "made up" } };
  return (await recordFleet(settings, { secrets, ...(state && { state }) })).registrations;
}

async function stateAfter(places: Places): Promise<StateIndex> {
  return indexState(stateOf(await recorded(places)), "fleet.dev/tenant");
}

const first: Places = { namespace: "web", repository: "web", named: false };

describe("What moves within a tenant's file", () => {
  const moves: Readonly<Record<string, Partial<Places>>> = {
    "with the namespaces, of which another one is the first": { namespace: "jobs" },
    "with the repositories, of which another one is the first": { repository: "jobs" },
    "when an account, an import or an export names the namespace that it has already": { named: true },
    "with everything": { namespace: "jobs", repository: "jobs", named: true },
  };
  for (const [title, move] of Object.entries(moves)) {
    it(`keeps its resource ${title}: none is at a URN that another one has in the state`, async () => {
      const state = await stateAfter(first);
      const identities = new Map([...state.objects].map(([identity, urn]) => [urn, identity]));
      const objects = await recorded({ ...first, ...move }, state);
      const urns = Object.keys(stateOf(objects));
      const registered = objects.map(({ type, inputs }) => objectIdentity(type, inputs.metadata));
      const stay = registered.filter((identity) => identity !== undefined && state.objects.has(identity));
      assert.ok(stay.length > 150, `${stay.length} objects stay`);
      objects.forEach(({ aliases }, index) => {
        const [urn = "", identity = ""] = [urns[index], registered[index]];
        const [former, here] = [state.objects.get(identity), identities.get(urn)];
        // The engine would delete it as what the new object replaces, after that was taken over elsewhere.
        assert.ok(
          here === undefined || here === identity || !registered.includes(here),
          `${urn} was ${here}, which is still there`,
        );
        assert.ok(former === undefined || [urn, ...aliases].includes(former), `${identity} leaves ${former}`);
        assert.deepEqual(
          aliases.filter((alias) => alias !== urn && urns.includes(alias)),
          [],
          "is registered as well",
        );
      });
    });
  }
});
