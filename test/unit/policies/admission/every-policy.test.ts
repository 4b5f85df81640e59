import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policies } from "../../../support/unit/policies.js";

/** @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax */
const reservedVariable =
  /\.(all|exists|exists_one|map|filter)\((as|break|const|continue|else|for|function|if|import|let|loop|namespace|package|return|var|void|while),/;

describe("every admission policy", () => {
  for (const { policy, binding } of policies()) {
    const { name } = policy.metadata;
    const { matchConstraints, validations } = policy.spec;

    it(`${name} refuses what it cannot judge`, () => {
      assert.equal(policy.spec.failurePolicy, "Fail");
    });

    it(`${name} never makes Flux recreate an object: Invalid, or the word immutable, does so with force`, () => {
      for (const { reason, message, messageExpression = "" } of validations) {
        assert.equal(reason, "Forbidden");
        assert.doesNotMatch(message + messageExpression, /immutable/i);
      }
    });

    it(`${name} looks at every version of a kind, or another one would be a way around`, () => {
      for (const { apiVersions } of matchConstraints.resourceRules) assert.deepEqual(apiVersions, ["*"]);
    });

    it(`${name} concerns tenants, or controllers of Flux, and no others`, () => {
      const selectors = [matchConstraints.namespaceSelector, matchConstraints.objectSelector];
      const ofTenants = JSON.stringify(selectors).includes('{"key":"fleet.dev/tenant","operator":"Exists"}');
      const [condition] = policy.spec.matchConditions ?? [];
      const ofControllers = /^request\.userInfo\.username in \[("system:serviceaccount:flux-system:[a-z-]+",?)+\]$/;
      assert.ok(ofTenants || ofControllers.test(condition?.expression ?? ""));
    });

    it(`${name} says in one line what is wrong and what to do`, () => {
      for (const { message } of validations) {
        assert.doesNotMatch(message, /\n/);
        assert.match(message, /: (remove|set|write|take|raise|change|ask)|; (ask|write)|, and |: /);
        assert.ok(message.length < 400, `${message.length} characters`);
      }
    });

    it(`${name} has every expression on one line, as kubectl shows it`, () => {
      const { variables = [], matchConditions = [] } = policy.spec;
      for (const { expression } of [...variables, ...matchConditions, ...validations]) {
        assert.doesNotMatch(expression, /\n|^\s|\s$/);
      }
    });

    it(`${name} names no variable with a word that CEL reserves, which only an API server would notice`, () => {
      const { variables = [], matchConditions = [] } = policy.spec;
      for (const { expression } of [...variables, ...matchConditions, ...validations]) {
        assert.doesNotMatch(expression, reservedVariable);
      }
    });

    it(`${name} is in force by a binding of its own, and both are labelled as ours`, () => {
      assert.equal(binding.spec.policyName, name);
      assert.deepEqual(binding.spec.validationActions, ["Deny"]);
      for (const { metadata } of [policy, binding]) {
        assert.equal(metadata.name, name);
        assert.deepEqual(metadata.labels, { "app.kubernetes.io/managed-by": "fleet", "fleet.dev/stack": "staging" });
      }
    });
  }

  it("only tells where a stack says so", () => {
    for (const { binding } of policies({ mode: "audit" })) {
      assert.deepEqual(binding.spec.validationActions, ["Audit", "Warn"]);
    }
  });

  it("is in docs/admission.md", () => {
    const docs = readFileSync(join(import.meta.dirname, "../../../../docs/admission.md"), "utf8");
    for (const { policy } of policies())
      assert.ok(docs.includes(`| \`${policy.metadata.name}\` |`), policy.metadata.name);
  });

  it("has a name that no other has", () => {
    const names = policies().map(({ policy }) => policy.metadata.name);
    assert.equal(new Set(names).size, names.length);
  });
});
