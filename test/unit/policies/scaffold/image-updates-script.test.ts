import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { IMAGE_UPDATES_SCRIPT } from "../../../../policies/scaffold/image-updates.js";
import { tenantScaffold } from "../../../../policies/scaffold/scaffold.js";
import { fleetSpec } from "../../../support/unit/spec.js";

const script = tenantScaffold("helm", fleetSpec())[IMAGE_UPDATES_SCRIPT] ?? assert.fail();
const manifest = (tag: string) => `image: ghcr.io/acme/shop:${tag} # {"$imagepolicy": "payments:shop"}\n`;

/** In the place of curl: it answers that no pull request is open, and keeps the body of the new one. */
const curl = `#!/bin/sh
for argument in "$@"; do [ "$argument" = --get ] && { echo '[]'; exit 0; }; done
cat > "$SENT"
`;

describe("the script of the pull request with image updates", () => {
  let folder: string;
  let repository: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "fleet-image-updates-"));
    repository = join(folder, "repository");
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/curl"), curl);
    chmodSync(join(folder, "bin/curl"), 0o755);
    mkdirSync(repository);
    await git("init", "--quiet", "--initial-branch=main");
    await commit({ "deploy/app.yaml": manifest("1.4.0"), "deploy/role.yaml": "a: 1\n" });
    await git("update-ref", "refs/remotes/origin/main", "HEAD");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const environment = () => ({
    PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    SENT: join(folder, "sent.json"),
    BASE: "main",
    GITHUB_TOKEN: "made-up",
    GITHUB_API_URL: "https://api.example.com",
    GITHUB_REPOSITORY: "acme/shop",
  });
  const run = (file: string, ...args: readonly string[]) =>
    execa(file, args, { cwd: repository, env: environment(), extendEnv: false });
  const git = (...args: readonly string[]) =>
    run("git", "-c", "user.name=a", "-c", "user.email=a@example.com", ...args);
  const commit = async (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(repository, file)), { recursive: true });
      writeFileSync(join(repository, file), text);
    }
    await git("add", "--all");
    await git("commit", "--quiet", "--message=a");
  };
  const bodyAfter = async (files: Readonly<Record<string, string>>): Promise<string> => {
    await commit(files);
    await run("bash", "-c", script);
    return (JSON.parse(readFileSync(join(folder, "sent.json"), "utf8")) as { body: string }).body;
  };

  it("lists the images of an update, and warns of nothing", async () => {
    const body = await bodyAfter({ "deploy/app.yaml": manifest("1.4.1") });
    assert.match(
      body,
      /^ {4}- payments:shop ghcr\.io\/acme\/shop:1\.4\.0\n {4}\+ payments:shop ghcr\.io\/acme\/shop:1\.4\.1$/m,
    );
    assert.match(body, /^ {4}M\tdeploy\/app\.yaml$/m);
    assert.doesNotMatch(body, /Read the whole change/);
  });

  it("warns of every other line", async () => {
    const body = await bodyAfter({ "deploy/app.yaml": manifest("1.4.1"), "deploy/role.yaml": "a: 2\n" });
    assert.match(body, /^\*\*Read the whole change: 2 of its lines name no image/m);
  });

  it("warns of lines that attributes of the branch hide", async () => {
    const body = await bodyAfter({
      ".gitattributes": "* -diff\n",
      "deploy/app.yaml": manifest("1.4.1"),
      "deploy/role.yaml": "a: 2\n",
    });
    assert.match(body, /^\*\*Read the whole change: 3 of its lines name no image/m);
  });

  it("warns of a file with bytes that are no text", async () => {
    const body = await bodyAfter({ "deploy/app.yaml": manifest("1.4.1"), "deploy/role.yaml": "a: \0\n" });
    assert.match(body, /^\*\*Read the whole change: /m);
  });

  it("warns of lines that look like the name of a file in a patch", async () => {
    await commit({ "deploy/run.sh": "-- first\n" });
    await git("update-ref", "refs/remotes/origin/main", "HEAD");
    const body = await bodyAfter({ "deploy/app.yaml": manifest("1.4.1"), "deploy/run.sh": "++ second\n" });
    assert.match(body, /^\*\*Read the whole change: 2 of its lines name no image/m);
  });

  it("fails, and opens nothing, when Git cannot compare the lines", async () => {
    await commit({ "deploy/app.yaml": manifest("1.4.1") });
    const real = (await run("sh", "-c", "command -v git")).stdout;
    for (const form of ["--name-status", "--unified=0"]) {
      const broken = `#!/bin/sh\nfor argument in "$@"; do [ "$argument" = ${form} ] && exit 128; done\nexec ${real} "$@"\n`;
      writeFileSync(join(folder, "bin/git"), broken);
      chmodSync(join(folder, "bin/git"), 0o755);
      await assert.rejects(run("bash", "-c", script), { exitCode: 128 });
      rmSync(join(folder, "bin/git"));
    }
    assert.equal(existsSync(join(folder, "sent.json")), false);
  });

  it("keeps names of files within their block", async () => {
    const body = await bodyAfter({ "deploy/a\n\n# heading\n.yaml": "a: 1\n" });
    for (const line of body.split("\n")) assert.doesNotMatch(line, /^# /);
  });
});
