/**
 * `npm run pictures`: has a browser draw the pictures of docs/review.md, light and dark, from the review of a real change,
 * and those of docs/operate/report.md, from a report on the fixtures.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../cli/checkout.js";
import { reviewOfChange } from "./change.js";
import { requireChromium, takePicture } from "./chromium.js";
import { commentPage, type Theme, themes } from "./page.js";
import { drawReport } from "./report.js";
import { sampleReport } from "./sample-report.js";

const folder = join(checkout, "docs", "review");
await requireChromium();
const review = await reviewOfChange();
await mkdir(folder, { recursive: true });
for (const theme of Object.keys(themes) as Theme[]) {
  await takePicture(commentPage(review, theme), join(folder, `comment-${theme}.png`));
}
const reports = join(checkout, "docs", "operate", "report");
await mkdir(reports, { recursive: true });
await drawReport(await sampleReport(), reports);
