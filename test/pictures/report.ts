import { join } from "node:path";
import { ReportBrowser } from "../report/browser.js";

/** The pictures of a report, by file: theme, size of the window in pixels, and the part of the page that is opened. */
const pictures = {
  "light.png": { colorScheme: "light", width: 1200, height: 1000, open: "#summary" },
  "dark.png": { colorScheme: "dark", width: 1200, height: 1000, open: "td.bad details" },
  "phone.png": { colorScheme: "light", width: 390, height: 844, open: ".map" },
} as const;

/** Writes the pictures of a page into a folder. */
export async function drawReport(html: string, folder: string): Promise<void> {
  const browser = await ReportBrowser.start();
  try {
    for (const [file, { colorScheme, width, height, open }] of Object.entries(pictures)) {
      const { page } = await browser.open(html, { colorScheme, viewport: { width, height } });
      await page.evaluate(`{
        const part = document.querySelector(${JSON.stringify(open)});
        part.open = true;
        (part.closest(".scroll") ?? part).scrollIntoView();
      }`);
      await page.screenshot({ path: join(folder, file) });
    }
  } finally {
    await browser.end();
  }
}
