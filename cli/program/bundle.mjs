import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build, formatMessages } from "esbuild";
import { encodePositions } from "./positions.mjs";

/**
 * Packages that are not part of the bundle: Pulumi's own state is in its packages, undici is for proxies only, and esbuild
 * finds its binary beside its module. node-fetch uses `punycode` and `url.parse()`, of which newer versions of Node warn
 * unless a file of node_modules uses them.
 */
const external = ["@pulumi/*", "undici", "esbuild", "node-fetch"];

/** Where a module lies, by the property of `import.meta` that tells it. As in Node, links are followed. */
const places = {
  dirname: (file) => `require("node:path").dirname(${file})`,
  filename: (file) => file,
  url: (file) => `require("node:url").pathToFileURL(${file}).href`,
};

/**
 * Bundles a program with its packages: Node loads one script then instead of 500 modules. Paths in the bundle are those
 * below the program's folder, so it is the same in each copy of the program.
 * @param root folder of the program
 * @param entry path of its first module in the folder
 * @returns the text of a CommonJS module, the positions of its sources, and the names of its files
 * @throws SyntaxError that shows the file and line that cannot be parsed or found
 */
export async function bundle(root, entry) {
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [join(root, entry)],
      absWorkingDir: root,
      outdir: root,
      bundle: true,
      external,
      preserveSymlinks: true,
      platform: "node",
      format: "cjs",
      target: `node${process.versions.node}`,
      // Packages that are not in the bundle are loaded by `require` as well.
      supported: { "dynamic-import": false },
      define: Object.fromEntries(Object.keys(places).map((name) => [`import.meta.${name}`, `module_${name}`])),
      plugins: [tellPlaces(root)],
      keepNames: true,
      metafile: true,
      sourcemap: "external",
      sourcesContent: false,
      write: false,
      logLevel: "silent",
    });
    const [map, code] = outputFiles;
    const files = Object.keys(metafile.inputs).sort();
    return { code: code.text, positions: encodePositions(JSON.parse(map.text)), files };
  } catch (error) {
    if (error.errors === undefined) throw error;
    const messages = await formatMessages(error.errors, { kind: "error" });
    throw new SyntaxError(messages.join("").trim());
  }
}

/** Has each module know its own place. It is found when the module is loaded, below the program's folder: `__dirname`. */
function tellPlaces(root) {
  const setup = ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      // At once, and without decoding it: esbuild waits for an answer for each module, and nearly none asks for its place.
      const text = readFileSync(path);
      if (!text.includes("import.meta.")) return undefined;
      const own = JSON.stringify(relative(root, path));
      const file = `require("node:fs").realpathSync(require("node:path").join(__dirname, ${own}))`;
      const constants = Object.entries(places).map(([name, place]) => `const module_${name} = ${place(file)};`);
      // No new line: positions in the source stay.
      return { contents: `${constants.join(" ")} ${text}`, loader: "ts" };
    });
  return { name: "places", setup };
}
