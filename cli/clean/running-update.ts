import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { type RunTool, readPulumi, runTools } from "../doctor/read-tools.js";
import { CouldNotLookError } from "../exit-code.js";

const loginMs = 30_000;

/**
 * Whether an update runs on a stack, or was killed and left its lock. Two kinds of backends tell: a folder by its locks,
 * and Pulumi Cloud by its list of stacks.
 * @returns undefined where the backend does not tell, such as an object store
 * @throws CouldNotLookError without a login
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/backend/diy/lock.go stackLockDir
 */
export async function findRunningUpdate(
  root: string,
  stack: string,
  run: RunTool = runTools(root, process.env, loginMs),
): Promise<boolean | undefined> {
  const { login, stacks } = await readPulumi(run);
  if (!("url" in login)) {
    const message = `the engine is not logged in: ${login.reason}`;
    const fix = "Log in to the backend by pulumi login or PULUMI_BACKEND_URL";
    throw new CouldNotLookError([{ file: "environment", path: "PULUMI_BACKEND_URL", message, fix }]);
  }
  if (login.url.startsWith("https://")) {
    // Each organisation of the account may have a stack of the name.
    const named = (stacks ?? []).filter(({ name }) => name.split("/").at(-1) === stack);
    return named.length === 0 ? undefined : named.some(({ updateInProgress }) => updateInProgress);
  }
  // Options of the backend stand behind a question mark.
  const [place = ""] = login.url.split("?", 1);
  return place.startsWith("file:///") ? hasLock(fileURLToPath(place), root, stack) : undefined;
}

function hasLock(backend: string, root: string, stack: string): boolean {
  const { name: project } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { readonly name: string };
  const folder = join(backend, ".pulumi", "locks");
  // A backend of the former layout has its stacks beside one another, without a project. Engines up to 3.274.1 can update it.
  const places = [join(folder, "organization", project, stack), join(folder, stack)];
  try {
    return places.some((place) => existsSync(place) && readdirSync(place).length > 0);
  } catch (error) {
    const message = `the locks of the backend cannot be read: ${messageOf(error)}`;
    throw new CouldNotLookError([{ file: folder, path: "", message, fix: "Check the rights of the folder" }]);
  }
}
