import assert from "node:assert/strict";
import fc from "fast-check";
import { groupName } from "../../../../config/tenant/access/schema.js";
import { assertProblems, type Changes, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const inBase = (access: string): Changes => ({ files: { [base]: `name: team-a\naccess:\n  ${access}\n` } });

describe("access is refused, naming file, line and field, for", () => {
  it("Kubernetes' own groups, which are everybody or administrators", () => {
    for (const group of ["system:authenticated", "system:masters", "system:serviceaccounts:payments"]) {
      assertProblems(
        inBase(`viewers: ["${group}"]`),
        new RegExp(
          `^stacks/base/tenants/team-a\\.yaml:3: access\\.viewers\\[0\\]: "${group}" is a group of Kubernetes' own`,
        ),
      );
    }
    assertProblems(
      { ...inBase('roles: {viewer: ["system:masters"]}'), config: { allowedRoles: '["viewer"]' } },
      /access\.roles\.viewer\[0\]: "system:masters" is a group of Kubernetes' own/,
    );
  });

  it("groups without a name, with spaces around it, or twice", () => {
    assertProblems(
      inBase('operators: ["", " devs", devs, devs]'),
      /access\.operators\[0\]: "" is empty/,
      /access\.operators\[1\]: " devs" is not a group/,
      /access\.operators\[3\]: "devs" is there already/,
    );
  });

  it("a role that the stack does not list, and names the one that was meant", () => {
    assertProblems(
      inBase("roles: {flagger-viewer: [devs]}"),
      /^stacks\/base\/tenants\/team-a\.yaml:3: access\.roles\.flagger-viewer: "flagger-viewer" is not in fleet:allowedRoles of Pulumi\.staging\.yaml, which lists none/,
    );
    assertProblems(
      { ...inBase("roles: {flager-viewer: [devs]}"), config: { allowedRoles: ["flagger-viewer"] } },
      /which lists flagger-viewer\. Did you mean flagger-viewer\?$/,
    );
  });

  it("roles that are too wide, in a tenant's file and in the stack's list", () => {
    for (const role of ["cluster-admin", "admin", "edit", "system:node", "fleet-tenant-reconciler"]) {
      const why = "(is too wide: its holders could|is Kubernetes' own|is the program's own)";
      assertProblems({ config: { allowedRoles: [role] } }, new RegExp(`fleet:allowedRoles\\[0\\]: ${why}`));
      assertProblems(
        inBase(`roles: {"${role}": [devs]}`),
        new RegExp(`team-a\\.yaml:3: access\\.roles.*: the key ${why}`),
      );
    }
  });

  it("a role without a group", () => {
    assertProblems(
      { ...inBase("roles: {viewer: []}"), config: { allowedRoles: ["viewer"] } },
      /access\.roles\.viewer: names no group/,
    );
  });

  it("a problem of an overlay, with its place there", () => {
    assertProblems(
      { files: { [overlay]: "access:\n  roles:\n    viewer: [devs]\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:3: access\.roles\.viewer: "viewer" is not in fleet:allowedRoles/,
    );
  });

  it("a list of roles that is none", () => {
    assertProblems({ config: { allowedRoles: '"all"' } }, /fleet:allowedRoles: must be a list/);
  });
});

describe("access", () => {
  it("belongs to no group by default", () => {
    assert.deepEqual(load().tenants[0]?.access, { viewers: [], operators: [], roles: {} });
  });

  it("may differ on a stack, and be taken back there", () => {
    const files = {
      [base]: "name: team-a\naccess: {viewers: [devs], operators: [devs], roles: {viewer: [devs]}}\n",
      [overlay]: "access: {operators: [on-call], viewers: null, roles: {viewer: null}}\n",
    };
    assert.deepEqual(load({ files }).tenants[0]?.access, { viewers: [], operators: ["on-call"], roles: {} });
  });

  it("is never given to a group of Kubernetes', whatever comes after the prefix", () => {
    fc.assert(fc.property(fc.string(), (rest) => assert.ok(groupName.check(`system:${rest}`))));
  });
});
