/** What must be there before anything else can run. Plain Node without packages: this is what installs them. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Checks Node's version and installs the packages that package-lock.json names, if what is installed is anything else.
 *
 * npm itself notes in node_modules/.package-lock.json what it installed, as the last step; so an install that was
 * interrupted, or that followed another lock file, is noticed.
 * @param {string} root folder of package.json
 * @returns {string | undefined} why it cannot go on, and what to do
 */
export function ensureInstalled(root) {
  const outdated = outdatedNode(root);
  if (outdated !== undefined) return outdated;
  const missing = notInstalled(root);
  if (missing === undefined) return undefined;
  process.stderr.write(`${missing}: running npm ci\n`);
  // Everything to stderr: the output of the command that follows may be read by a program.
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const { error, status, signal } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], options);
  if (error !== undefined) return `npm could not be started: ${error.message}. Install npm, or add it to PATH.`;
  if (status !== 0) return `npm ci failed (${signal ?? `exit code ${status}`}): its own words are above.`;
  const still = notInstalled(root);
  return still === undefined ? undefined : `npm ci ended well, and yet: ${still}. Delete node_modules and try again.`;
}

/** Whether this Node is older than package.json's `engines.node` (`>=MAJOR.MINOR`) allows. */
function outdatedNode(root) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [, major, minor] = /^>=(\d+)\.(\d+)/.exec(engines.node) ?? [];
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > Number(major) || (haveMajor === Number(major) && haveMinor >= Number(minor))) return undefined;
  return `Node ${process.versions.node} is too old: Node ${engines.node} is needed. Install a current release of Node.`;
}

/** What distinguishes the installed packages from the locked ones, one line; nothing when they are the same. */
function notInstalled(root) {
  const locked = packages(join(root, "package-lock.json"));
  if (locked === undefined) return "package-lock.json is missing or damaged";
  const installed = packages(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return "The packages are not installed yet";
  for (const [path, { version, optional, devOptional, peer }] of Object.entries(locked)) {
    // The empty path is the project itself. What is optional may be left out: it is for another system.
    if (path === "") continue;
    // A package of the workspace is a link, which has no version.
    if (installed[path] === undefined ? optional || devOptional || peer : installed[path].version === version) continue;
    return `${path} is not installed as package-lock.json says`;
  }
  return undefined;
}

/** The packages that a lock file names, by path; nothing when there is no such file. */
function packages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
