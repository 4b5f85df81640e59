import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fixedPolicies, sourcePolicy } from "../../../policies/admission/policies.js";
import { CATEGORIES, CREDENTIALS, isSwitched } from "../../attacks/attack.js";
import { BENCHMARKS, type BenchmarkId } from "../../attacks/benchmarks.js";
import { attacks } from "../../attacks/catalogue.js";
import { CONTROLS, type ControlId, SWITCH_ORDER } from "../../attacks/controls.js";
import { describeVector } from "../../attacks/describe-vector.js";
import { SWITCHES } from "../../attacks/harness/switches.js";
import { outcomes } from "../../attacks/legitimate/deployed.js";
import { legitimate } from "../../attacks/legitimate.js";
import { placeholderTarget } from "../../attacks/placeholder-target.js";
import { fleetSpec } from "../../support/unit/spec.js";

describe("The catalogue of attacks", () => {
  it("has at least 40, each with an id of its own that can name an object", () => {
    const ids = attacks.map(({ id }) => id);
    assert.ok(ids.length >= 40, String(ids.length));
    assert.deepEqual(ids, [...new Set(ids)]);
    for (const id of ids) assert.match(id, /^[a-z]([a-z-]{0,61}[a-z])?$/);
  });

  it("has an equally long list of what stays allowed, each with a title of its own", () => {
    const titles = [...legitimate, ...outcomes].map(({ title }) => title);
    assert.ok(titles.length >= attacks.length, `${titles.length} of ${attacks.length}`);
    assert.deepEqual(titles, [...new Set(titles)]);
  });

  it("tries something of every category", () => {
    const tried = new Set(attacks.map(({ category }) => category));
    assert.deepEqual(
      CATEGORIES.filter((category) => !tried.has(category)),
      [],
    );
  });

  it("shows what every control is for", () => {
    const shown = new Set<ControlId>(attacks.flatMap(({ stoppedBy }) => stoppedBy.map(({ control }) => control)));
    const controls = Object.keys(CONTROLS) as ControlId[];
    assert.deepEqual(
      controls.filter((control) => !shown.has(control)),
      [],
    );
  });

  it("shows what every admission policy is for", () => {
    const spec = fleetSpec();
    const policies = [...fixedPolicies(spec), sourcePolicy(spec)].map(({ policy }) => policy.metadata.name);
    assert.deepEqual(
      policies.filter((policy) => !Object.keys(CONTROLS).includes(policy)),
      [],
    );
  });

  it("says of every control in which file it is", () => {
    const files = Object.values(CONTROLS).flatMap(({ where }) => (where.includes("/") ? [where] : []));
    assert.deepEqual(
      files.filter((file) => !existsSync(join(import.meta.dirname, "../../..", file))),
      [],
    );
  });

  it("takes away every control that can be, and shows the counterpart of what cannot", () => {
    assert.deepEqual(Object.keys(SWITCHES).sort(), [...SWITCH_ORDER].sort());
    for (const attack of attacks) {
      const builtIn = attack.stoppedBy.some(({ control }) => !(SWITCH_ORDER as readonly ControlId[]).includes(control));
      assert.equal(isSwitched(attack), !builtIn, attack.id);
    }
  });

  it("meets the controls of an attack in the order in which they are taken away", () => {
    for (const attack of attacks.filter(isSwitched)) {
      const places = attack.stoppedBy.map(({ control }) => SWITCH_ORDER.indexOf(control));
      assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
        attack.id,
      );
    }
  });

  it("covers every check of the multi-tenancy benchmarks", () => {
    for (const id of Object.keys(BENCHMARKS) as BenchmarkId[]) {
      const shownBy = BENCHMARKS[id].expects === "refused" ? attacks : legitimate;
      assert.ok(
        shownBy.some(({ benchmark }) => benchmark === id),
        id,
      );
    }
  });

  it("names its objects so that no two of them are one", () => {
    const names = attacks
      .flatMap((attack) => [
        attack.attempt(placeholderTarget),
        ...(isSwitched(attack) ? [] : [attack.counterpart(placeholderTarget)]),
      ])
      .flatMap((attempt) =>
        attempt.kind === "sync" ? [`${attempt.object.kind} ${attempt.object.metadata.name}`] : [],
      );
    assert.deepEqual(names, [...new Set(names)]);
  });

  it("calls nothing a push that is sent to the API server", () => {
    for (const attack of attacks) {
      const attempt = attack.attempt(placeholderTarget);
      const pushes = attempt.kind === "push" || (attempt.kind === "git" && attack.by === "push");
      assert.equal(describeVector(attack, attempt) === CREDENTIALS.push, pushes, attack.id);
    }
  });

  it("says what a tenant reads in words that a table can hold", () => {
    for (const { id, stoppedBy } of attacks) {
      for (const { message } of stoppedBy) assert.ok(message.source.length > 5, `${id}: ${message}`);
    }
  });
});
