/**
 * Runs a daemon's bundle: `node run-bundle.mjs BUNDLE SPEC`. V8 compiles its code once: it is kept in a file beside the
 * bundle. V8 compares only the length of the text with its code, so the file begins with a digest of the bundle's path, as it
 * is given, of its text, and of the code. Code that is missing, damaged, of another bundle or of another V8 is as if there were none.
 */
import { createHash, randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** Length of a SHA-256. */
const digestLength = 32;

// The daemon finds its arguments where it would find them without this file.
const [bundle] = process.argv.splice(2, 1);
const kept = `${bundle}.v8`;
// The bundler writes ASCII. The first line is not the bundle's own: positions begin after it.
const text = `(function (exports, require, module, __filename, __dirname) {\n${readFileSync(bundle, "latin1")}\n})`;
const cachedData = keptCode();
const script = new Script(text, { filename: bundle, lineOffset: -1, cachedData });
// At the end, V8 has compiled everything that a daemon needs.
if (cachedData === undefined || script.cachedDataRejected) process.once("exit", keep);
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));

function keptCode() {
  const file = attempt(() => readFileSync(kept));
  const code = file?.subarray(digestLength);
  return code !== undefined && digestOf(code).equals(file.subarray(0, digestLength)) ? code : undefined;
}

/** Keeps the code under another name first: a daemon beside this one reads a whole file or none. */
function keep() {
  const code = script.createCachedData();
  const partial = `${kept}.${randomUUID()}.partial`;
  attempt(() => {
    writeFileSync(partial, Buffer.concat([digestOf(code), code]), { mode: 0o600 });
    renameSync(partial, kept);
  });
}

function digestOf(code) {
  return createHash("sha256").update(`${bundle}\0${text}\0`).update(code).digest();
}

/** The result of something that may fail: the folder may be gone or read-only. */
function attempt(run) {
  try {
    return run();
  } catch (error) {
    if (error.code === undefined) throw error;
    return undefined;
  }
}
