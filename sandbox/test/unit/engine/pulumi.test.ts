import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = join(import.meta.dirname, "../../../engine/pulumi.sh");

describe("the sandbox's pulumi", () => {
  let directory: string;
  let project: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "fleet-pulumi-"));
    project = join(directory, "it's a project");
    mkdirSync(join(project, "deep", "er"), { recursive: true });
    writeFileSync(join(project, "Pulumi.yaml"), "name: fleet\n");
    writeFileSync(join(project, "Pulumi.staging.yaml"), "config:\n  fleet:a: b\n");
    // Stands for the engine: prints its arguments, one a line.
    writeFileSync(join(directory, "engine"), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    chmodSync(join(directory, "engine"), 0o755);
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** The arguments that reach the engine. */
  function run(args: readonly string[], { cwd = project, stack = "staging" } = {}): string[] {
    const output = execFileSync("sh", [script, ...args], {
      cwd,
      encoding: "utf8",
      env: {
        PATH: process.env.PATH ?? "",
        PULUMI_STACK: stack,
        FLEET_PULUMI: join(directory, "engine"),
        FLEET_PULUMI_PROJECT: join(directory, "own"),
        FLEET_PULUMI_CONFIG: join(directory, "copies"),
      },
    });
    return output.split("\n").slice(0, -1);
  }

  /** The copy that the engine was told to read, or nothing. */
  function copyOf(args: readonly string[]): string | undefined {
    const flag = args.indexOf("--config-file");
    return flag < 0 ? undefined : args[flag + 1];
  }

  for (const args of [
    ["up"],
    ["preview", "--stack", "staging"],
    ["preview", "--stack=staging"],
    ["-C", ".", "up", "-s", "staging", "-y"],
    ["up", "-ys", "staging"],
    ["up", "-sstaging"],
    ["destroy", "-s", "organization/fleet/staging"],
    ["--color", "never", "refresh"],
    ["config"],
    ["config", "get", "fleet:a"],
  ]) {
    it(`keeps the salt out of the checkout: ${args.join(" ")}`, () => {
      const passed = run(args);
      assert.deepEqual(passed.slice(0, args.length), args);
      const copy = copyOf(passed) ?? "";
      assert.ok(copy.startsWith(join(directory, "copies")), passed.join(" "));
      assert.ok(copy.endsWith("/Pulumi.staging.yaml"));
      assert.equal(readFileSync(copy, "utf8"), "config:\n  fleet:a: b\n");
    });
  }

  it("takes the stack that is named, not the selected one", () => {
    writeFileSync(join(project, "Pulumi.prod-eu.yaml"), "config: {}\n");
    for (const args of [
      ["up", "-s", "prod-eu"],
      ["up", "-ys", "prod-eu"],
      ["--stack=prod-eu", "up"],
    ]) {
      assert.match(copyOf(run(args)) ?? "", /Pulumi\.prod-eu\.yaml$/);
    }
  });

  it("leaves out the salt and keys of a real environment", () => {
    const file = "encryptionsalt: v1:abc\nsecretsprovider: awskms://x\nencryptedkey: abc\nconfig:\n  fleet:a: b\n";
    writeFileSync(join(project, "Pulumi.staging.yaml"), file);
    assert.equal(readFileSync(copyOf(run(["up"])) ?? "", "utf8"), "config:\n  fleet:a: b\n");
    assert.equal(readFileSync(join(project, "Pulumi.staging.yaml"), "utf8"), file);
  });

  it("follows the checkout: an edited file is read anew", () => {
    run(["up"]);
    writeFileSync(join(project, "Pulumi.staging.yaml"), "config:\n  fleet:a: c\n");
    assert.equal(readFileSync(copyOf(run(["up"])) ?? "", "utf8"), "config:\n  fleet:a: c\n");
  });

  it("finds the project from a folder below it, and keeps two projects apart", () => {
    const below = copyOf(run(["up"], { cwd: join(project, "deep", "er") }));
    assert.equal(below, copyOf(run(["up"])));
    const other = join(directory, "other");
    mkdirSync(other);
    writeFileSync(join(other, "Pulumi.yaml"), "name: fleet\n");
    assert.notEqual(copyOf(run(["up"], { cwd: other })), below);
    assert.equal(copyOf(run(["up", "--cwd", project], { cwd: other })), below);
    assert.equal(readdirSync(join(directory, "copies")).length, 2);
  });

  it("creates stacks in the sandbox's own project, where a salt does no harm", () => {
    for (const args of [
      ["stack", "init", "new"],
      ["stack", "new", "x"],
      ["stack", "history", "--show-secrets"],
    ]) {
      assert.deepEqual(run(args), [...args, "--cwd", join(directory, "own")]);
    }
  });

  it("does not delete the checkout's file with the stack", () => {
    assert.deepEqual(run(["stack", "rm", "staging"]), ["stack", "rm", "staging", "--preserve-config"]);
  });

  for (const args of [
    ["stack", "ls"],
    ["stack", "output", "--json"],
    ["config", "set", "fleet:a", "it's b"],
    ["version"],
    ["up", "--config-file", "mine.yaml"],
    [],
  ]) {
    it(`changes nothing about: ${args.join(" ") || "no argument"}`, () => {
      assert.deepEqual(run(args), args.length === 0 ? [""] : args);
    });
  }

  it("is plain pulumi outside a project", () => {
    assert.deepEqual(run(["up"], { cwd: directory }), ["up"]);
  });
});
