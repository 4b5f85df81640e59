/**
 * Prepares a process of a fresh clone: checks Node's version, and installs the packages that package-lock.json names, if what
 * is installed is anything else.
 *
 * Plain Node without packages, because this is what installs them. npm's own `pre` scripts are no place for it: the
 * project's .npmrc turns scripts off, so that no package runs code when it is installed.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const problem = outdatedNode() ?? install();
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

/** The reason why this Node cannot go on: it is older than package.json's `engines.node` (`>=MAJOR.MINOR`) allows. */
function outdatedNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [needed, found] = [engines.node, process.versions.node].map((version) => version.match(/\d+/g).map(Number));
  if (found[0] > needed[0] || (found[0] === needed[0] && found[1] >= needed[1])) return undefined;
  return `Node ${process.versions.node} is too old: Node ${engines.node} is needed. Install a current release of Node.`;
}

/** Installs what is missing. Returns why it could not, and what to do. */
function install() {
  const missing = notInstalled();
  if (missing === undefined) return undefined;
  process.stderr.write(`${missing}: running npm ci\n`);
  // Everything to stderr: the output of the command that follows may be read by a program.
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const { error, status, signal } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], options);
  if (error !== undefined) return `npm could not be started: ${error.message}. Install npm, or add it to PATH.`;
  if (status !== 0) return `npm ci failed (${signal ?? `exit code ${status}`}): its own words are above.`;
  const still = notInstalled();
  return still && `npm ci ended well, and yet: ${still}. Delete node_modules and try again.`;
}

/**
 * The difference between the installed packages and the locked ones, one line. npm notes in node_modules/.package-lock.json
 * what it installed, as the last step; so an install that was interrupted, or that followed another lock file, is noticed.
 */
function notInstalled() {
  const locked = packages("package-lock.json");
  if (locked === undefined) return "package-lock.json is missing or damaged";
  const installed = packages("node_modules/.package-lock.json");
  if (installed === undefined) return "The packages are not installed yet";
  // The empty path is the project itself. A package of the workspace is a link, which has no version.
  const different = Object.entries(locked).find(([path, { version, optional, devOptional, peer }]) => {
    if (path === "") return false;
    // An optional package may be left out: it is for another system.
    if (installed[path] === undefined) return !(optional || devOptional || peer);
    return installed[path].version !== version;
  });
  return different && `${different[0]} is not installed as package-lock.json says`;
}

/** The packages that a lock file names, by path; nothing when there is no such file. */
function packages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
