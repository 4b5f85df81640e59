import assert from "node:assert/strict";
import {
  CONDITION_PATTERN,
  TEXT_PATTERN,
  VARIABLE_PATTERN,
} from "../../../../../policies/admission/cel/flux-expressions.js";

const nested = (depth: number): string => (depth === 0 ? "true" : `[0, 1, 2, 3].all(x${depth}, ${nested(depth - 1)})`);

/** Conditions whose cost grows faster than the object, or without a bound. */
const costlyConditions = [
  nested(8),
  "list.all(e, other.exists(f, f.x == 1))",
  "list.all(e, (other.exists(f, f.x == 1)))",
  "list.all(e, !other.exists(f, f.x == 1))",
  "list.all(e, e.x == 1 && other.all(f, f.y == 1))",
  "list.all(e, e.x == 1 && .other.all(f, f.y == 1))",
  "list.all(e, (e.x == 1) && other.all(f, f.y == 1))",
  "list.all(e, has(e.x ) && other.all(f, f.y == 1))",
  "list.all(e, (e.x == 1 && other.all(f, f.y == 1)))",
  "list.all(e, ((e.x == 1) && other.all(f, f.y == 1)))",
  "list.all(e, e.x ? other.all(f, f.y == 1) : true)",
  "list.all(e, e in other)",
  "list.all(e, other == other)",
  "list.all(e, other.contains('x'))",
  "list.all(e, e.x == other.x)",
  "list.all(e, e.x == self.spec.metadata.generation)",
  "list.map(e, e + e).size() > 0",
  "list.map(e, list).size() > 0",
  "list.all (e, list.all(f, f.x == 1))",
  "list.exists_one(e, list.filter(f, f.x == 1).size() > 0)",
  "'a'.replace('', 'bbbbbbbb').replace('', 'bbbbbbbb').size() > 0",
  "a.replace('', 'bbbbbbbb') == ''",
  "[a, a].join('x') == ''",
  "list.join(list[0]) == ''",
  "'%s%s'.format([a, a]) == ''",
  "a + a == ''",
  "a.matches('(x{1000}){1000}')",
  "base64.encode(b'x') == ''",
  "sets.contains(a, b)",
  "jo.in (a)",
  "size (a) > 0",
  "a // comment\n == 1",
  "'''a' + b''' == 'x'",
  "'a\\' + b.all(x, b.all(y, true)) + \\'' == ''",
  "r'a\\' == ''",
  "`a` == 1",
  "{'a': list.all(e, true)}",
];

/** Conditions of Flux's documentation, and others that are common. */
const ordinaryConditions = [
  "status.ready",
  "status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')",
  "status.conditions.filter(e, e.type == 'Synced').all(e, e.status == 'False' && e.reason == 'ReconcileError')",
  "has(status.conditions) && status.conditions.exists(e, e.type == 'Ready' && (e.status == 'True' || e.reason == 'Ok'))",
  "!has(status.conditions) || !status.conditions.exists_one(e, e.type == 'Ready')",
  "status.conditions.filter(e, e.type == 'Ready').all(e, e.observedGeneration == metadata.generation)",
  "status.ceph.health == 'HEALTH_OK'",
  "status.phase in ['Running', 'Succeeded']",
  '(status.replicas >= 1 && status.replicas == status.readyReplicas) || status.phase == "Done"',
  "status.?conditions.orValue([]).exists(e, e.type == 'Ready' && e.?status.orValue('') == 'True')",
  "status.conditions.filter(e, e.type == 'Ready')[0].status == 'True'",
  "status.conditions.filter(e, e.type.startsWith('Re')).size() > 0",
  [
    "dep.metadata.labels['app/version'] == self.metadata.labels['app/version'] &&",
    "dep.status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True') &&",
    "dep.metadata.generation == dep.status.observedGeneration\n",
  ].join("\n"),
  "status\n  .conditions\n  .filter(e, e.type == 'Ready')\n  .all(e, e.status == 'True')",
  "req.tag.contains(res.metadata.name)",
  "has(res.metadata.annotations) && req.tag.split('/').last().value().split(\":\").first().value() == res.metadata.annotations['update-image']",
  "claims.repository in vars.allowedRepos",
  "claims.ref == 'refs/heads/main' && claims.environment == 'production'",
  "res.metadata.labels['environment'] == 'production'",
  "spec.paused ? true : status.ready",
  "true",
];

const costlyTexts = [
  "event.message.replace('', 'bbbbbbbb')",
  "[event.message, event.message].join('x')",
  "'%s'.format([event])",
  "event.list.map(x, x)",
  "(event.a + event.b).replace('', 'b')",
];
const ordinaryTexts = [
  "event.involvedObject.kind",
  "'fixed'",
  "event.involvedObject.kind + '/' + event.metadata.env",
  "(event.involvedObject.kind + '/' + event.involvedObject.name + '/' + event.metadata.foo + '/' + provider.metadata.uid.split('-').first().value()).lowerAscii()",
];

const costlyVariables = ["vars.a + vars.a", "[vars.a, vars.a]", "[vars.a + vars.a]", "claims.x.map(y, y)"];
const ordinaryVariables = [
  "claims.repository_owner",
  "[vars.owner + '/repo-a', vars.owner + '/repo-b', 'acme/c']",
  "claims.sub.split(':')",
];

describe("the form of expressions that Flux evaluates", () => {
  for (const [kind, pattern, refused, allowed] of [
    ["condition", CONDITION_PATTERN, costlyConditions, ordinaryConditions],
    ["text", TEXT_PATTERN, costlyTexts, ordinaryTexts],
    ["variable", VARIABLE_PATTERN, costlyVariables, ordinaryVariables],
  ] as const) {
    for (const expression of refused) {
      it(`refuses the ${kind} ${JSON.stringify(expression)}`, () => {
        assert.doesNotMatch(expression, new RegExp(pattern));
      });
    }
    for (const expression of allowed) {
      it(`allows the ${kind} ${JSON.stringify(expression)}`, () => {
        assert.match(expression, new RegExp(pattern));
      });
    }
  }

  it("costs the API server a small part of its bound, even for as many characters as an object may have", () => {
    assert.ok(CONDITION_PATTERN.length < 4000, `${CONDITION_PATTERN.length} characters`);
  });
});
