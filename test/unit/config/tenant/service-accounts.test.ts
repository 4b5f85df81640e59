import assert from "node:assert/strict";
import { assertProblems, type Changes, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const role = "arn:aws:iam::111122223333:role/web";
const account = (entry: string, config: Changes["config"] = {}): Changes => ({
  files: { [base]: `name: team-a\nserviceAccounts:\n  web: ${entry}\n` },
  config,
});

describe("service accounts are refused, naming file, line and field, for", () => {
  it("an annotation that is no cloud's identity, and name the one that was meant", () => {
    assertProblems(
      account("{annotations: {eks.amazonaws.com/role-arm: x}}"),
      /^stacks\/base\/tenants\/team-a\.yaml:3: serviceAccounts\.web\.annotations\["eks\.amazonaws\.com\/role-arm"\]: is no annotation of a cloud's identities that the stack knows \(fleet:identityAnnotations of Pulumi\.staging\.yaml\)\. Did you mean eks\.amazonaws\.com\/role-arn\?$/,
    );
    assertProblems(
      account("{annotations: {fleet.dev/stack: x}}"),
      /annotations\["fleet\.dev\/stack"\]: is no annotation/,
    );
  });

  it("an annotation in an overlay, where it is written", () => {
    assertProblems(
      { files: { [overlay]: "serviceAccounts:\n  web:\n    annotations:\n      a/b: c\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:4: serviceAccounts\.web\.annotations\["a\/b"\]/,
    );
  });

  it("names that Kubernetes and the platform have", () => {
    for (const name of ["default", "reconciler", "ci-robot"]) {
      assertProblems(
        { files: { [base]: `name: team-a\nserviceAccounts: {${name}: {}}\n` } },
        new RegExp(`serviceAccounts\\.${name}: the key is reserved`),
      );
    }
  });

  it("a namespace that is not the tenant's, an identity that is none, a stack's annotation that is none", () => {
    assertProblems(account("{namespace: team-b}"), /serviceAccounts\.web\.namespace: "team-b" is no namespace of the/);
    assertProblems(account('{annotations: {eks.amazonaws.com/role-arn: ""}}'), /role-arn"\]: "" is empty/);
    assertProblems(
      account('{annotations: {eks.amazonaws.com/role-arn: "a b"}}'),
      /"a b" is not the name of an identity/,
    );
    assertProblems(
      { config: { identityAnnotations: '["a b"]' } },
      /fleet:identityAnnotations\[0\]: is not a label key/,
    );
    assertProblems({ config: { identityAnnotations: '"all"' } }, /fleet:identityAnnotations: must be a list/);
  });
});

describe("service accounts", () => {
  it("are in the first namespace and mount no token, if the file does not say otherwise", () => {
    const { tenants } = load(account(`{annotations: {eks.amazonaws.com/role-arn: "${role}"}}`));
    assert.deepEqual(tenants[0]?.serviceAccounts.web, {
      annotations: { "eks.amazonaws.com/role-arn": role },
      namespace: "team-a",
      automountToken: false,
    });
  });

  it("have another identity on another stack, by an overlay, and annotations that the stack adds", () => {
    const said = account("{annotations: {eks.amazonaws.com/role-arn: base, cloud.example.com/id: x}}", {
      identityAnnotations: ["cloud.example.com/id"],
    });
    const over = "serviceAccounts: {web: {annotations: {eks.amazonaws.com/role-arn: staging}}}\n";
    const { tenants } = load({ ...said, files: { ...said.files, [overlay]: over } });
    assert.deepEqual(tenants[0]?.serviceAccounts.web?.annotations, {
      "eks.amazonaws.com/role-arn": "staging",
      "cloud.example.com/id": "x",
    });
  });
});
