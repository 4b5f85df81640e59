import assert from "node:assert/strict";
import { resourceChanges } from "../../../../review/diff/resource-changes.js";
import { consequences } from "../../../../review/findings/findings.js";
import { plainText } from "../../../../review/phrase.js";
import type { PlannedResource, StackPlan } from "../../../../review/planned-resource.js";
import { onGitHub, planned, planOf } from "../../../support/unit/plans.js";
import { admissionCases } from "./cases/admission.js";
import type { ConsequenceCases } from "./cases/consequence-cases.js";
import { fluxCases } from "./cases/flux.js";
import { githubCases } from "./cases/github.js";
import { namespacesCases } from "./cases/namespaces.js";
import { role } from "./cases/objects.js";
import { rolesCases } from "./cases/roles.js";

function told(before: StackPlan, after: StackPlan): string[] {
  const changes = resourceChanges(before.resources, after.resources);
  return consequences(before, after, changes).map(({ effect, sentence }) => `${effect}: ${plainText(sentence)}`);
}

const cases: ConsequenceCases = {
  ...githubCases,
  ...rolesCases,
  ...namespacesCases,
  ...admissionCases,
  ...fluxCases,
};

describe("the consequences of a change", () => {
  for (const [title, [before, after, ...expected]] of Object.entries(cases)) {
    it(`tell ${title}`, () => assert.deepEqual(told(planOf(before), planOf(after)).sort(), [...expected].sort()));
  }

  it("are none between equal plans", () => {
    for (const [before, after] of Object.values(cases)) {
      assert.deepEqual(told(planOf(before), planOf(before)), []);
      assert.deepEqual(told(planOf(after), planOf(after)), []);
    }
  });

  it("hide none of many rights: those that the sentence only counts are its details", () => {
    const resources = [...Array.from({ length: 20 }, (_, index) => `harmless${index}`), "secrets"];
    const [one] = consequences(planOf([]), planOf([role(["*"], resources)]), []);
    assert.match(plainText(one?.sentence ?? []), /harmless11 \(\*\) and 9 more$/);
    assert.equal(plainText(one?.details.at(-1) ?? []), "secrets (*)");
    assert.equal(one?.details.length, 9);
  });

  it("name teams that the program does not create", () => {
    const plan = (resources: PlannedResource[]) => planOf(resources, { existingTeams: { "42": "people" } });
    const grant = onGitHub("TeamRepository", "grant", { teamId: "42", repository: "apps", permission: "push" });
    assert.deepEqual(told(plan([]), plan([grant])), ["gained: people may now push to apps"]);
  });

  it("take no component of the program for a repository that more people read", () => {
    const component = onGitHub("Repository", "apps", {}, { type: "fleet:git:Repository" });
    assert.deepEqual(told(planOf([]), planOf([component])), []);
  });

  it("tell the rights of Flux's controllers from the setting, without Flux's objects", () => {
    const { flux } = planOf([]);
    const after = planOf([], { flux: { ...flux, controllerRights: "cluster-admin" } });
    assert.deepEqual(told(planOf([]), after), ["gained: controllers of Flux that apply become cluster-admin"]);
  });

  it("tell whose signatures count, and of what Flux applies no commit without one any more", () => {
    const inSearch = { name: "search", namespace: "search" };
    const of = (mode: string | undefined, keys: string) =>
      planOf([
        planned("source.toolkit.fluxcd.io/v1:GitRepository", inSearch, { spec: mode ? { verify: { mode } } : {} }),
        planned(
          "core/v1:Secret",
          { ...inSearch, name: "tenant-verify-search", annotations: { "fleet.dev/signing-keys": keys } },
          {},
        ),
      ]);
    assert.deepEqual(told(of(undefined, ""), of("TagAndHEAD", "ann SHA256:a, bob B")), [
      "lost: Flux applies a commit of search/search only with a signature",
      "lost: Flux applies a tag of search/search only with a signature",
      "gained: signatures by ann SHA256:a, bob B now count (search/tenant-verify-search)",
    ]);
    assert.deepEqual(told(of("HEAD", "ann SHA256:a"), of("Tag", "mallory SHA256:b")), [
      "lost: Flux applies a tag of search/search only with a signature",
      "gained: signatures by mallory SHA256:b now count (search/tenant-verify-search)",
      "gained: Flux applies a commit of search/search without a signature",
      "lost: signatures by ann SHA256:a no longer count (search/tenant-verify-search)",
    ]);
  });

  it("tell which branches and ranges reach a stack before its predecessor, of applied sources alone", () => {
    const source = (ref: object, name = "search") =>
      planned(
        "source.toolkit.fluxcd.io/v1:GitRepository",
        { name, namespace: "search" },
        { spec: { ref, url: `ssh://git@github.com/acme/${name}.git` } },
        { tenant: "team-search" },
      );
    const sync = planned(
      "kustomize.toolkit.fluxcd.io/v1:Kustomization",
      { name: "x", namespace: "search" },
      { spec: { sourceRef: { name: "search" } } },
    );
    const plan = (ref: object) =>
      planOf([source(ref), source({ branch: "main" }, "unused"), sync], { promotesFrom: "dev" });
    const pinned = plan({ branch: "main", commit: "a" });
    const moving = "gained: each push to main of acme/search reaches staging at once, before dev has run it";
    assert.deepEqual(told(pinned, plan({ branch: "main" })), [moving]);
    assert.deepEqual(told(plan({ tag: "v1" }), plan({ semver: "~1" })), [moving.replace("main", "~1")]);
    assert.deepEqual(told(plan({ branch: "main" }), pinned), [
      "lost: pushes to main of acme/search no longer reach staging before dev has run them",
    ]);
    const without = (ref: object) => planOf([source(ref), sync]);
    assert.deepEqual(told(without({ commit: "a" }), without({ branch: "main" })), []);
  });
});
