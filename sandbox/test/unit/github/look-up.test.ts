import assert from "node:assert/strict";
import { BareRepository } from "../../../github/git/bare-repository.js";
import { changedFiles, readCommit } from "../../../github/git/commit.js";
import { findCommit, lookUp } from "../../../github/git/look-up.js";
import { commitFiles, updateRef } from "../../../github/git/write.js";
import { tempDirs } from "../../support/temp-dir.js";

const person = { name: "Ada Lovelace", email: "ada@example.com", date: "2024-05-06T07:08:09+02:00" };
const details = { message: "Add\n\nfiles", author: person, committer: { ...person, name: "Grace" } };

describe("GitHub emulator: reading a path of a commit", () => {
  const directory = tempDirs();
  let git: BareRepository;
  let commit: string;
  beforeEach(async () => {
    git = new BareRepository(directory());
    await git.create("main");
    const empty = (await git.git(["hash-object", "-w", "--stdin"], { input: "" })).stdout.toString().trim();
    commit = await commitFiles(
      git,
      undefined,
      [
        { path: "README.md", content: Buffer.from("# Ä\n") },
        { path: "a/b/run me.sh", content: Buffer.from("exit"), mode: "100755" },
        { path: "a/line\nfeed", content: Buffer.from([0, 10, 255]) },
        { path: "link", content: Buffer.from("README.md"), mode: "120000" },
      ],
      details,
    );
    const entries = (await git.git(["ls-tree", "-z", commit])).stdout.toString();
    const tree = await git.git(["mktree", "-z", "--missing"], {
      input: `${entries}160000 commit ${"1".repeat(40)}\tmodule\0` + `100644 blob ${empty}\tempty\0`,
    });
    const args = ["commit-tree", tree.stdout.toString().trim(), "-p", commit];
    const env = { GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "A", GIT_COMMITTER_EMAIL: "a@b" };
    commit = (await git.git(args, { env, input: "Second" })).stdout.toString().trim();
    await updateRef(git, "refs/heads/main", null, commit);
  });

  for (const revision of ["nowhere", "main..main", "^main", "--all", "", "main:a", "1".repeat(40), "ma\nin"]) {
    it(`finds no commit by ${JSON.stringify(revision)}`, async () => {
      assert.equal(await findCommit(git, revision), undefined);
      assert.equal(await lookUp(git, revision, "README.md"), undefined);
    });
  }

  it("finds no entry where a folder, a file or a submodule lacks it", async () => {
    for (const path of ["none", "a/none", "README.md/x", "module/x", "a/b/run me.sh/x", "A"]) {
      const found = await lookUp(git, "main", path);
      assert.equal(found?.entry, undefined, path);
      assert.equal(found?.content, undefined, path);
    }
  });

  it("reads entries as Git lists them", async () => {
    const listed = await git.allEntries(commit);
    assert.deepEqual(
      listed.map(({ path, type }) => `${type} ${path}`),
      [
        "blob README.md",
        "tree a",
        "tree a/b",
        "blob a/b/run me.sh",
        "blob a/line\nfeed",
        "blob empty",
        "blob link",
      ].concat("commit module"),
    );
    for (const entry of listed) assert.deepEqual((await lookUp(git, "main", entry.path))?.entry, entry);
  });

  it("reads a submodule by the answer of newer versions of Git", async () => {
    /** This Git with a newer one's word for what it lacks. */
    class NewerGit extends BareRepository {
      override async git(...args: Parameters<BareRepository["git"]>) {
        const answer = await super.git(...args);
        const stdout = answer.stdout.toString("latin1").replace(/^\S+:module missing$/m, `${"1".repeat(40)} submodule`);
        return { ...answer, stdout: Buffer.from(stdout, "latin1") };
      }
    }
    const found = await lookUp(new NewerGit(git.directory), "main", "module");
    assert.deepEqual(found, await lookUp(git, "main", "module"));
    assert.equal(found?.entry?.type, "commit");
  });

  it("names the folders above a path, also where a file is one of them", async () => {
    const above = async (path: string) => (await lookUp(git, commit.slice(0, 10), path))?.above.map((entry) => entry);
    assert.deepEqual(
      (await above("a/b/new"))?.map(({ path, type }) => `${type} ${path}`),
      ["tree a", "tree a/b"],
    );
    assert.deepEqual(
      (await above("README.md/b/c"))?.map(({ path, type }) => `${type} ${path}`),
      ["blob README.md"],
    );
    assert.deepEqual(await above("new/folder/file"), []);
  });

  it("reads the bytes of files alone", async () => {
    const content = async (path: string) => (await lookUp(git, "main", path))?.content;
    assert.deepEqual(await content("a/line\nfeed"), Buffer.from([0, 10, 255]));
    assert.deepEqual(await content("empty"), Buffer.alloc(0));
    for (const path of ["", "a", "module"]) assert.equal(await content(path), undefined, path);
  });

  it("reads commits as git log does", async () => {
    const [first = ""] = (await readCommit(git, commit)).parents;
    for (const sha of [commit, first]) assert.deepEqual(await findCommit(git, sha), await readCommit(git, sha));
    const { author, message } = (await findCommit(git, first)) ?? assert.fail("no commit");
    assert.deepEqual([author.date, message], ["2024-05-06T05:08:09Z", "Add\n\nfiles"]);
  });

  it("reads a signed commit, and one in another encoding, as git log does", async () => {
    const tree = await git.treeOf(commit);
    const signature =
      "gpgsig -----BEGIN SSH SIGNATURE-----\n author Eve <eve@x> 1 +0000\n -----END SSH SIGNATURE-----\n";
    for (const [header, name] of [
      [signature, "Ada"],
      ["encoding ISO-8859-1\n", "J\u00e4ger"],
    ] as const) {
      const line = `${name} <a@b> 1714972089 -0230`;
      const text = `tree ${tree}\nparent ${commit}\nauthor ${line}\ncommitter ${line}\n${header}\n\u00e4\n`;
      const input = Buffer.from(text, header === signature ? "utf8" : "latin1");
      const { stdout } = await git.git(["hash-object", "-w", "-t", "commit", "--stdin"], { input });
      const sha = stdout.toString().trim();
      const found = await findCommit(git, sha);
      assert.deepEqual(found, await readCommit(git, sha));
      assert.deepEqual([found?.author.name, found?.message], [name, "\u00e4"]);
    }
  });

  it("counts the lines that a commit changed, also of a file with a strange name", async () => {
    const changes = [
      { path: ":1\t2", content: Buffer.from("one\ntwo\n") },
      { path: "a/line\nfeed", content: null },
      { path: "README.md", content: Buffer.from("# B\nmore\n") },
    ];
    const next = await commitFiles(git, commit, changes, details);
    const files = await changedFiles(git, await readCommit(git, next));
    assert.deepEqual(
      files.map(({ path, status, additions, deletions }) => [path, status, additions, deletions]),
      [
        [":1\t2", "added", 2, 0],
        ["README.md", "modified", 2, 1],
        ["a/line\nfeed", "removed", 0, 0],
      ],
    );
  });
});
