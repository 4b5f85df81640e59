/** `npm run test:report`: the page of a report in real headless Chromium, Debian's package. */
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";
import { changesSince } from "../../operate/report/changes.js";
import { reportPage } from "../../operate/report/page/page.js";
import { openProof, reportOf, soundStack } from "../support/unit/reports.js";
import { ReportBrowser } from "./browser.js";

const injected = `</script><img src="https://evil.example/x.png" onerror="document.title='owned'"><script>document.title='owned'</script>`;

/** A report with findings, a silent stack, and texts by which a tenant attacks its reader. */
function attackedPage(): string {
  const stack = soundStack({ proof: openProof() });
  const { cluster } = stack;
  assert.ok(cluster);
  const tenants = cluster.tenants.map((one) => ({
    ...one,
    syncs: one.syncs.map((sync) => ({ ...sync, ready: false, messages: [injected, "x".repeat(300)] })),
  }));
  const keys = stack.keys.map((key) => ({ ...key, title: injected }));
  const report = reportOf(
    { ...stack, cluster: { ...cluster, tenants }, keys },
    { stack: "prod-eu", problems: [`no context leads to it: ${injected}`], keys: [] },
  );
  return reportPage(report, changesSince(reportOf(), report));
}

const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

/** The violations of WCAG 2.2 A and AA, and of axe's own best practices. */
async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run().then(({ violations }) => violations)");
  return violations.parse(found).map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

const openAll = "for (const one of document.querySelectorAll('details')) one.open = true";

describe("the page of a report in Chromium", function () {
  this.timeout(300_000);
  let browser: ReportBrowser;
  before(async function () {
    this.timeout(600_000);
    browser = await ReportBrowser.start();
  });
  after(async () => await browser?.end());

  it("asks nothing of any address, and runs nothing of a text that attacks it", async () => {
    const { page, requests, errors } = await browser.open(attackedPage());
    await page.evaluate(openAll);
    assert.deepEqual(
      { requests, errors, title: await page.title() },
      { requests: [], errors: [], title: "Fleet report: staging, prod-eu" },
    );
    assert.equal(await page.locator("img").count(), 0);
    assert.match(await page.locator("body").innerText(), /<img src="https:\/\/evil\.example\/x\.png" onerror=/);
  });

  it("has a policy that stops what a fault of the renderer would let in; without the policy, it runs", async () => {
    const faulty = attackedPage().replace("<main", `<div>${injected.replace("</script>", "")}</div><main`);
    const guarded = await browser.open(faulty);
    assert.notEqual(await guarded.page.title(), "owned");
    assert.ok(guarded.errors.length > 0, "the console names what the policy refused");
    const open = faulty.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    assert.equal(await (await browser.open(open)).page.title(), "owned");
  });

  it("is used by keyboard alone, in the order of its text, with a focus that is seen", async () => {
    const { page } = await browser.open(attackedPage());
    const targets = "a[href], summary, input, [tabindex='0']";
    await page.evaluate(
      `window.order = [...document.querySelectorAll("${targets}")].filter((one) => one.checkVisibility())`,
    );
    const count = z.number().parse(await page.evaluate("window.order.length"));
    for (let index = 0; index < count; index += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(
        "[window.order.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]",
      );
      assert.deepEqual(at, [index, "solid"]);
    }
    console.log(`        ${count} places by Tab`);
    await page.locator(".skip").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate("document.activeElement.id"), "content");
    const cell = page.locator("td.bad summary").first();
    await cell.focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.getByText("RoleBinding search/rogue gives it in search").isVisible());
  });

  it("shows the rows with a text: / goes to the field, and Escape empties it", async () => {
    const { page } = await browser.open(attackedPage());
    const shown = async () =>
      z
        .number()
        .parse(
          await page.evaluate(
            "[...document.querySelectorAll('[data-row]')].filter((one) => one.checkVisibility()).length",
          ),
        );
    const all = await shown();
    await page.keyboard.press("/");
    await page.keyboard.type("SEARCH/RECONCILER");
    assert.equal(await shown(), 1);
    assert.equal(await page.locator("#filter-count").innerText(), `1 of ${all} rows`);
    await page.keyboard.press("Escape");
    assert.equal(await shown(), all);
  });

  it("shows everything without scripts, but the field that needs one", async () => {
    const { page } = await browser.open(attackedPage(), { javaScriptEnabled: false });
    assert.ok(!(await page.locator("#filter").isVisible()));
    await page.locator("td.bad summary").first().click();
    assert.ok(await page.getByText("RoleBinding search/rogue gives it in search").isVisible());
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no violation that axe finds, in ${colorScheme}, and on a phone without a scroll of the page`, async () => {
      for (const width of [1280, 390]) {
        const { page } = await browser.open(attackedPage(), { colorScheme, viewport: { width, height: 844 } });
        const dark = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
        assert.equal(dark, colorScheme === "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)");
        for (const step of ["true", openAll]) {
          await page.evaluate(step);
          assert.deepEqual(await axeViolations(page), []);
          const wide = await page.evaluate("document.documentElement.scrollWidth");
          assert.equal(wide, width);
        }
        const boxes = await page.evaluate(
          "[...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth).length",
        );
        if (width === 390) assert.ok(Number(boxes) > 0, "tables scroll in their own boxes");
      }
    });
  }
});
