import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { chromiumPath, requireChromium } from "../pictures/chromium.js";

/** A page in the browser, and what it did. */
export interface OpenPage {
  readonly page: Page;
  /** Addresses that it asked for, its own left out. */
  readonly requests: readonly string[];
  /** Errors of its scripts, and those of the console. */
  readonly errors: readonly string[];
}

/** Headless Chromium with pages from files, as a person opens them who was sent a report. */
export class ReportBrowser {
  readonly #browser: Browser;
  readonly #folder: string;
  #count = 0;

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.#folder = folder;
  }

  /** Starts Debian's Chromium, and installs it first where it is missing. Root has no sandbox. */
  static async start(): Promise<ReportBrowser> {
    await requireChromium();
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const browser = await chromium.launch({ executablePath: await chromiumPath(), args });
    return new ReportBrowser(browser, await mkdtemp(join(tmpdir(), "fleet-report-")));
  }

  get version(): string {
    return this.#browser.version();
  }

  /** Opens a page in a window of its own. */
  async open(html: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
    this.#count += 1;
    const file = join(this.#folder, `${this.#count}.html`);
    await writeFile(file, html);
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const own = pathToFileURL(file).href;
    const [requests, errors]: [string[], string[]] = [[], []];
    page.on("request", (request) => request.url() !== own && requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("dialog", (dialog) => errors.push(`dialog: ${dialog.message()}`));
    await page.goto(own);
    return { page, requests, errors };
  }

  async end(): Promise<void> {
    await this.#browser.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
