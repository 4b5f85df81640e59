import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pWaitFor from "p-wait-for";
import { ToolchainError } from "../../../toolchain/error.js";
import type { FluxManifestsRecipe, GoRecipe } from "../../../toolchain/recipes.js";
import { ensureToolchain } from "../../../toolchain/toolchain.js";
import { FakeMachine, recipe } from "../../support/fake-machine.js";

/** A release of one controller, in the shape of upstream's modules; kubectl is a script that answers install.yaml. */
describe("Flux's install manifest", () => {
  let machine: FakeMachine;
  let flux: GoRecipe;
  beforeEach(async () => {
    machine = await FakeMachine.create();
    flux = embedding;
    await machine.write("modules/flux/go.mod", "module example.org/flux\n");
    await machine.write("modules/flux/cmd/flux/main.go", "package main");
    await machine.write("modules/flux/manifests/install/kustomization.yaml", "resources: [../bases/a-controller]\n");
    await machine.write("modules/flux/manifests/bases/a-controller/kustomization.yaml", kustomization("v1.2.3"));
    await machine.write("modules/a/config/crd/kustomization.yaml", "resources: []\n");
    await machine.write("modules/a/config/manager/kustomization.yaml", "resources: []\n");
    await modules("v1.2.3");
    await machine.write("install.yaml", install("v1.2.3"));
    const kubectl = [
      `const { appendFileSync, readFileSync } = require("node:fs");`,
      `const path = process.argv.at(-1);`,
      `const base = readFileSync(path.replace(/manifests\\/.*/, "manifests/bases/a-controller/kustomization.yaml"), "utf8");`,
      `appendFileSync(${JSON.stringify(machine.path("kustomized"))}, path.replace(/.*manifests\\//, "") + "\\n" + base);`,
      `process.stdout.write(readFileSync(${JSON.stringify(machine.path("install.yaml"))}));`,
    ];
    await machine.write("programs/kubectl", `#!${process.execPath}\n${kubectl.join("\n")}\n`);
  });
  afterEach(async () => {
    await machine.destroy();
  });

  const kustomization = (version: string, host = "https://example.org/a-controller") =>
    `resources:\n- ${host}/releases/download/${version}/a-controller.crds.yaml\n` +
    `- ${host}/releases/download/${version}/a-controller.deployment.yaml\n- account.yaml\n`;

  const install = (tag: string) =>
    "kind: Namespace\nmetadata: { name: flux-system }\n---\nkind: Deployment\nmetadata: { name: a-controller }\n" +
    `spec: { template: { spec: { containers: [{ image: example.org/fluxcd/a-controller:${tag} }] } } }\n`;

  /** The output of `go mod download -json`. */
  const modules = (version: string) => {
    const answers = [
      { Path: "example.org/flux", Version: "v2.0.0", Dir: machine.path("modules/flux") },
      { Path: "example.org/a", Version: version, Dir: machine.path("modules/a") },
    ];
    return machine.write(
      "modules.json",
      answers.map((answer) => `${JSON.stringify(answer, undefined, "\t")}\n`).join(""),
    );
  };

  const manifests: FluxManifestsRecipe = {
    kind: "flux-manifests",
    name: "flux-manifests",
    version: "v2.0.0",
    module: "one",
    source: "example.org/flux",
    controllers: { "a-controller": "example.org/a" },
    objects: 2,
    output: "manifests/v2.0.0/install.yaml",
    needs: ["kubectl"],
    coldSeconds: 1,
  };
  const embedding: GoRecipe = recipe("flux", {
    version: "v2.0.0",
    needs: ["flux-manifests"],
    embeds: { module: "example.org/flux", folder: "cmd/flux/manifests", from: "flux-manifests" },
  });
  const run = () => ensureToolchain({ ...machine.options(), recipes: [recipe("kubectl"), manifests, flux] });
  const refused = (what: RegExp) =>
    assert.rejects(run(), (error) => error instanceof ToolchainError && what.test(error.message));

  it("is refused when go.mod pins another version of a controller than the release has", async () => {
    await modules("v1.2.4");
    await refused(/it wants a-controller v1\.2\.3, but go\.mod pins v1\.2\.4\nWhat to do: pin the controllers/);
  });

  it("is refused when the release has a controller that the recipe does not know", async () => {
    await machine.write(
      "modules/flux/manifests/bases/b/kustomization.yaml",
      kustomization("v1").replaceAll("a-c", "b-c"),
    );
    await refused(/bases\/b wants b-controller, which the recipe does not know/);
  });

  it("is refused when it would have to be fetched from somewhere else", async () => {
    await machine.write(
      "modules/flux/manifests/bases/a-controller/kustomization.yaml",
      "resources: [https://x.org/y]\n",
    );
    await refused(/bases\/a-controller names https:\/\/x\.org\/y, which is not a known kind of release asset/);
  });

  it("is refused when it has not as many objects as the release", async () => {
    await machine.write("install.yaml", `${install("v1.2.3")}---\nkind: Secret\nmetadata: { name: x }\n`);
    await refused(/install\.yaml has 3 objects, the release has 2/);
  });

  it("is refused when it runs another version of a controller than the pinned one", async () => {
    await machine.write("install.yaml", install("v1.2.2"));
    await refused(
      /runs example\.org\/fluxcd\/a-controller:v1\.2\.2 as a-controller, not …\/fluxcd\/a-controller:v1\.2\.3/,
    );
  });

  it("comes from the controllers' modules, and has what kustomize answers", async () => {
    const toolchain = await run();
    assert.equal(
      await readFile(join(toolchain.manifests, "v2.0.0", "install.yaml"), "utf8"),
      `${install("v1.2.3").trim()}\n`,
    );
    const kustomized = await readFile(machine.path("kustomized"), "utf8");
    for (const line of [
      "bases/a-controller",
      "rbac",
      "policies",
      "install",
      "  - ../../controllers/a-controller/crd",
    ]) {
      assert.ok(kustomized.split("\n").includes(line), `${line} in ${kustomized}`);
    }
    assert.doesNotMatch(kustomized, /:\/\//);
  });

  it("is not embedded into another version of the flux CLI than the release's", async () => {
    flux = { ...flux, version: "v2.0.1" };
    await assert.rejects(run(), /recipes\.ts wants example\.org\/flux v2\.0\.1, go\.mod of one pins v2\.0\.0/);
  });

  it("is embedded into the flux CLI, which is built from a copy of its module with upstream's own pins", async () => {
    await machine.write("hold/flux", "");
    const running = run();
    const build = await pWaitFor(async () => {
      const found = (await machine.builds()).find(({ name }) => name === "flux");
      return found === undefined ? false : pWaitFor.resolveWith(found);
    });
    assert.equal(await readFile(join(build.cwd, "go.mod"), "utf8"), "module example.org/flux\n");
    for (const name of ["a-controller", "rbac", "policies"]) {
      const file = join(build.cwd, "cmd/flux/manifests", `${name}.yaml`);
      assert.match(await readFile(file, "utf8"), /kind: Deployment/);
    }
    await machine.remove("hold/flux");
    await running;
  });
});
