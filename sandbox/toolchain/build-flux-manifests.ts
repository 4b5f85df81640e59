import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, parseAllDocuments, stringify } from "yaml";
import type { BuildContext } from "./build-go.js";
import { copyWritable } from "./cache.js";
import { ToolchainError } from "./error.js";
import { call, downloadModules, type ModuleFolder } from "./go.js";
import { needed } from "./part.js";
import type { FluxManifestsRecipe } from "./recipes.js";

/** A release asset that a base of upstream's manifests names: what it is, of which controller, at which version. */
const asset = /\/releases\/download\/(?<version>v[^/]+)\/(?<controller>[^/]+)\.(?<kind>crds|deployment)\.yaml$/;

/** What upstream's release workflow builds each asset from (`kustomize build config/crd`, `config/manager`). */
const folders: Readonly<Record<string, string>> = { crds: "crd", deployment: "manager" };

/**
 * Generates the release's install.yaml, and in the folder `embed` the files that the flux CLI embeds, as upstream's
 * release does (`kustomize build manifests/install` and `manifests/scripts/bundle.sh`). Only, the controllers' own
 * manifests come from their modules instead of their release pages, so everything is covered by go.sum.
 *
 * @throws ToolchainError when the modules do not fit each other, or the result is not what the release has
 */
export async function buildFluxManifests(recipe: FluxManifestsRecipe, context: BuildContext): Promise<void> {
  const modules = await downloadModules(context.go, [recipe.source, ...Object.values(recipe.controllers)], {
    cwd: join(context.source, recipe.module),
    part: `downloading the sources of ${recipe.name}`,
    signal: context.signal,
    onLine: context.onLine,
  });
  const manifests = join(context.scratch, "manifests");
  await copyWritable(join(pinned(recipe, modules, recipe.source).dir, "manifests"), manifests);
  const bases = await readdir(join(manifests, "bases"));
  for (const base of bases) {
    await useModules(recipe, modules, manifests, base);
  }

  const kustomize = async (from: string, to: string) => {
    const kubectl = needed(context.before, recipe.name, "kubectl").file;
    const text = await call(kubectl, ["kustomize", join(manifests, from)], `kustomizing Flux's ${from}`, {
      environment: context.go.environment,
      signal: context.signal,
    });
    await writeFile(join(context.out, to), `${text}\n`);
    return text;
  };
  await mkdir(join(context.out, "embed"), { recursive: true });
  for (const base of bases) {
    await kustomize(`bases/${base}`, `embed/${base}.yaml`);
  }
  await kustomize("rbac", "embed/rbac.yaml");
  await kustomize("policies", "embed/policies.yaml");
  verify(recipe, modules, await kustomize("install", "install.yaml"));
}

/** Points a base at its controller's module instead of the assets of the same version. */
async function useModules(
  recipe: FluxManifestsRecipe,
  modules: ReadonlyMap<string, ModuleFolder>,
  manifests: string,
  base: string,
): Promise<void> {
  const file = join(manifests, "bases", base, "kustomization.yaml");
  const kustomization = parse(await readFile(file, "utf8")) as { resources: string[] };
  for (const [index, resource] of kustomization.resources.entries()) {
    const { version, controller, kind } = asset.exec(resource)?.groups ?? {};
    if (version === undefined || controller === undefined || kind === undefined) {
      if (resource.includes("://")) {
        throw mismatch(recipe, `bases/${base} names ${resource}, which is not a known kind of release asset`);
      }
      continue;
    }
    const path = recipe.controllers[controller];
    if (path === undefined) {
      throw mismatch(recipe, `bases/${base} wants ${controller}, which the recipe does not know`);
    }
    const module = pinned(recipe, modules, path);
    if (module.version !== version) {
      throw mismatch(recipe, `it wants ${controller} ${version}, but go.mod pins ${module.version}`);
    }
    const folder = folders[kind] ?? kind;
    await copyWritable(join(module.dir, "config", folder), join(manifests, "controllers", controller, folder));
    kustomization.resources[index] = `../../controllers/${controller}/${folder}`;
  }
  await writeFile(file, stringify(kustomization));
}

/** Checks that the result is whole: as many objects as the release has, every controller in it at its pinned version. */
function verify(recipe: FluxManifestsRecipe, modules: ReadonlyMap<string, ModuleFolder>, text: string): void {
  const objects = parseAllDocuments(text).map((document) => document.toJS() as DeploymentLike);
  if (objects.length !== recipe.objects) {
    throw mismatch(recipe, `install.yaml has ${objects.length} objects, the release has ${recipe.objects}`);
  }
  for (const [controller, path] of Object.entries(recipe.controllers)) {
    const deployment = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === controller);
    const image = deployment?.spec?.template?.spec?.containers?.[0]?.image;
    const wanted = `/fluxcd/${controller}:${pinned(recipe, modules, path).version}`;
    if (!image?.endsWith(wanted)) {
      throw mismatch(recipe, `install.yaml runs ${image ?? "no Deployment"} as ${controller}, not …${wanted}`);
    }
  }
}

interface DeploymentLike {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly { image: string }[] } } };
}

function pinned(recipe: FluxManifestsRecipe, modules: ReadonlyMap<string, ModuleFolder>, path: string): ModuleFolder {
  const module = modules.get(path);
  if (module === undefined) {
    throw mismatch(recipe, `go.mod pins no ${path}`);
  }
  return module;
}

function mismatch(recipe: FluxManifestsRecipe, what: string): ToolchainError {
  return new ToolchainError(
    recipe.name,
    `Flux ${recipe.version}'s manifests cannot be generated: ${what}`,
    "pin the controllers of that release in sandbox/toolchain/flux/go.mod, and describe them in recipes.ts.",
  );
}
