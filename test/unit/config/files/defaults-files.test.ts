import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { findStacks, readTenantFiles } from "../../../../config/files/tenant-files.js";
import { WAIVERS_FILE } from "../../../../config/names.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import { assertProblems, load, soundTree, withTree } from "../../../support/unit/checkout-tree.js";
import { defaults, group, inGroup, overlay } from "../../../support/unit/defaults-files.js";

describe("files of defaults that would be overlooked are refused:", () => {
  it("those with another extension or name", () => {
    assertProblems(
      { files: { "stacks/staging/defaults.yml": "" } },
      /^stacks\/staging\/defaults\.yml: is read by no stack\. Rename it to defaults\.yaml/,
    );
    assertProblems(
      { files: { "stacks/staging/default.yaml": "" } },
      /^stacks\/staging\/default\.yaml: is read by no stack/,
    );
    assertProblems(
      { files: { ...inGroup, [group]: "", "stacks/groups/other.yml": "" } },
      /^stacks\/groups\/other\.yml: ends in \.yml\. Rename it to other\.yaml/,
    );
    assertProblems(
      { files: { "stacks/groups/Web.yaml": "" } },
      /the group's name, which is the file's, is not a DNS label/,
    );
    assertProblems({ files: { "stacks/groups/web.json": "" } }, /is not a group file: its name does not end in \.yaml/);
  });

  it("those of stacks that do not exist, from every stack", () => {
    for (const stack of ["staging", "prod-eu"]) {
      assertProblems(
        { files: { "stacks/stagin/defaults.yaml": "" }, stack },
        /^stacks\/stagin\/defaults\.yaml: is for the stack stagin, which does not exist: .*\. Did you mean staging\?$/,
      );
    }
  });

  it("those beside the base files, and beside the stacks", () => {
    assertProblems(
      { files: { "stacks/base/defaults.yaml": "" } },
      /^stacks\/base\/defaults\.yaml: is read by no stack: base has no defaults/,
    );
    assertProblems(
      { files: { "stacks/defaults.yaml": "" } },
      /^stacks\/defaults\.yaml: is read by no stack\. Move it to stacks\/STACK\/defaults\.yaml/,
    );
  });

  it("but not the waivers of rules, which reviews read", () => {
    assert.ok(load({ files: { [WAIVERS_FILE]: "waivers: []\n" } }));
    assertProblems({ files: { "stacks/waiver.yaml": "" } }, /^stacks\/waiver\.yaml: is read by no stack/);
  });

  it("broken YAML, without problems that follow from it", () => {
    const files = {
      ...inGroup,
      [group]: "notifications: {a: {type: slack}}\n",
      [defaults]: "sync: [\n",
      [overlay]: "notifications: {a: {secret: s}}\n",
    };
    assertProblems({ files }, /^stacks\/staging\/defaults\.yaml:2: is not YAML/);
  });

  it("folders and symbolic links in their place", () => {
    withTree({ ...soundTree, "shared/web.yaml": "" }, (root) => {
      mkdirSync(join(root, "stacks/groups"));
      symlinkSync("../../shared/web.yaml", join(root, "stacks/groups/web.yaml"));
      mkdirSync(join(root, defaults));
      const lines = readTenantFiles(root, "staging").problems.map((problem) => problemLine(problem));
      assert.deepEqual(lines, [
        "stacks/groups/web.yaml: is not a file. Keep nothing but group files here.",
        "stacks/staging/defaults.yaml: is not a file. Put a file with the stack's defaults in its place.",
      ]);
    });
  });

  it("and neither is a tenant called defaults or groups, nor a stack called groups accepted", () => {
    const files = {
      "stacks/base/tenants/defaults.yaml": "name: defaults\n",
      "stacks/staging/tenants/defaults.yaml": "sync: {interval: 2m}\n",
    };
    assert.deepEqual(
      load({ files: { ...files, [defaults]: "sync: {interval: 3m}\n" } }).tenants.map(
        ({ name, syncs: [{ interval }] }) => [name, interval],
      ),
      [
        ["defaults", "2m"],
        ["team-a", "3m"],
      ],
    );
    withTree({ ...soundTree, "stacks/groups/tenants/team-a.yaml": "" }, (root) => {
      const { stacks, problems } = findStacks(root);
      assert.deepEqual(stacks, ["prod-eu", "staging"]);
      assert.match(
        problemLine(problems[0] ?? { file: "", path: "", message: "" }),
        /^stacks\/groups: the stack's name is reserved/,
      );
    });
  });
});
