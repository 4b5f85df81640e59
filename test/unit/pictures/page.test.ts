import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commentPage, themes } from "../../pictures/page.js";
import { root } from "../../support/unit/fleet.js";

describe("the page of a review comment", () => {
  const markdown =
    "- `<script>alert(1)</script>`\n\n<details><summary>2 fields</summary>\n\n```diff\n-<a>\n```\n\n</details>\n";

  it("shows values as text", () => {
    const page = commentPage(markdown, "light");
    assert.ok(!page.includes("<script>alert"));
    assert.match(page, /<code>&lt;script&gt;alert\(1\)&lt;\/script&gt;<\/code>/);
    assert.match(page, /<details><summary>2 fields<\/summary>\s*<pre><code class="language-diff">-&lt;a&gt;\n/);
  });

  it("loads nothing", () => {
    assert.doesNotMatch(commentPage(markdown, "dark"), /\b(src|href)=|@import|url\(https?:/);
  });

  it("has the colours of its theme", () => {
    const [light, dark] = [commentPage("", "light"), commentPage("", "dark")];
    assert.match(light, /html \{ background: #ffffff; \}/);
    assert.match(dark, /html \{ background: #0d1117; \}/);
    assert.notEqual(light.match(/<style>[\s\S]*?<\/style>/)?.[0], dark.match(/<style>[\s\S]*?<\/style>/)?.[0]);
  });
});

describe("the pictures of docs/review.md", () => {
  for (const theme of Object.keys(themes)) {
    it(`include a small one of the ${theme} theme, which the page shows`, () => {
      const file = `review/comment-${theme}.png`;
      const picture = readFileSync(join(root, "docs", file));
      assert.equal(picture.subarray(1, 4).toString("latin1"), "PNG");
      assert.ok(picture.length < 300_000, `${picture.length} bytes`);
      assert.ok(readFileSync(join(root, "docs/review.md"), "utf8").includes(`="${file}"`));
    });
  }
});
