import assert from "node:assert/strict";
import { describeMissingStatuses } from "../../../preflight/missing-statuses.js";
import { fleetSpec, type Sections, tenantSpec } from "../../support/unit/spec.js";

const byFlux: Sections = { notifications: { commits: { type: "github", secret: "commits" } } };
const chat: Sections = { notifications: { chat: { type: "slack", secret: "chat" } } };

describe("commit statuses that new tenants will lack", () => {
  const spec = fleetSpec({
    tenants: [tenantSpec("old"), tenantSpec("new"), tenantSpec("chatty", chat), tenantSpec("shown", byFlux)],
  });
  const state = (...tenants: readonly string[]) => ({
    namespaces: tenants.map((tenant) => ({ name: `${tenant}-namespace`, tenant })),
  });

  it("are named once, with the setting that gives them, when the update creates the tenant", () => {
    assert.deepEqual(describeMissingStatuses(spec, state("old")), [
      "Flux writes no commit status for new, chatty: set fleet:secrets.TENANT.commit-status, or FLEET_STATUSES for all tenants (docs/tenants/notifications-and-webhook.md).",
    ]);
  });

  it("are not named again, nor for a tenant to whose commits Flux writes", () => {
    assert.deepEqual(describeMissingStatuses(spec, state("old", "new", "chatty")), []);
  });

  it("are those of the one tenant that is updated", () => {
    assert.match(describeMissingStatuses(spec, state("old"), "new").join(), /for new: /);
    assert.deepEqual(describeMissingStatuses(spec, state("old"), "shown"), []);
  });
});
