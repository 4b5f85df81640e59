import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { HEIGHT_ATTRIBUTE, PAGE_WIDTH } from "./page.js";

const chromium = "chromium";

/** Debian's browser, a sans-serif and a fixed-width font. */
const packages = [chromium, "fonts-liberation"];

/** Has Chromium on this machine: root of a Debian system gets its package. @throws Error without Chromium otherwise */
export async function requireChromium(): Promise<void> {
  const { failed } = await execa(chromium, ["--version"], { reject: false });
  if (!failed) return;
  if (process.getuid?.() !== 0)
    throw new Error(`${chromium} is not installed. Install it: apt-get install ${packages.join(" ")}`);
  const options = { stdio: "inherit", env: { DEBIAN_FRONTEND: "noninteractive" } } as const;
  await execa("apt-get", ["update"], options);
  await execa("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], options);
}

/** The path of Chromium, after {@link requireChromium}. */
export async function chromiumPath(): Promise<string> {
  const { stdout } = await execa("sh", ["-c", `command -v ${chromium}`]);
  return stdout;
}

/** Writes a picture of a page, as high as the page is. */
export async function takePicture(html: string, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fleet-picture-"));
  try {
    const page = join(folder, "page.html");
    await writeFile(page, html);
    const { stdout } = await browse(folder, ["--dump-dom", `--window-size=${PAGE_WIDTH},100`], page);
    const [, height] = new RegExp(`${HEIGHT_ATTRIBUTE}="(\\d+)"`).exec(stdout) ?? [];
    if (height === undefined) throw new Error("Chromium did not lay the page out");
    await browse(folder, [`--screenshot=${file}`, `--window-size=${PAGE_WIDTH},${height}`], page);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs Chromium on a page of our own. Root has no sandbox, and the page loads nothing. */
function browse(folder: string, args: readonly string[], page: string) {
  const options = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    `--user-data-dir=${folder}/profile`,
  ];
  return execa(chromium, [...options, ...args, pathToFileURL(page).href], { timeout: 120_000 });
}
