import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";

/** Every page of the project, without the repositories and packages that a sandbox or npm writes into the checkout. */
const pages: readonly string[] = ourFiles().filter(
  (file) => file.endsWith(".md") && !/(?:^|\/)(?:\.|node_modules\/)/.test(file),
);

describe("the links between pages", () => {
  it("lead to files and headings that exist", () => {
    const dead = pages.flatMap((page) =>
      links(textOf(page))
        .filter((link) => !exists(page, link))
        .map((link) => `${page}: ${link}`),
    );
    assert.deepEqual(dead, []);
  });

  it("lead to every page of docs from README.md, directly or through other pages", () => {
    const reached = new Set<string>();
    const follow = (page: string): void => {
      if (reached.has(page)) return;
      reached.add(page);
      for (const link of links(textOf(page))) {
        const { file } = target(page, link);
        if (file.endsWith(".md") && existsSync(join(root, file))) follow(file);
      }
    };
    follow("README.md");
    assert.deepEqual(
      pages.filter((page) => page.startsWith("docs/") && !reached.has(page)),
      [],
    );
  });

  it("are read correctly: relative links outside of code, and headings by GitHub's anchors", () => {
    const text = "See [a](b.md#c) and [d](#e).\n\n```\n[no](link.md)\n```\n`[no](code.md)` [x](https://example.com)\n";
    assert.deepEqual(links(text), ["b.md#c", "#e"]);
    const headings = "# `pulumi up`: waits, A-b\n\n```\n# no heading\n```\n## Twice\n## Twice\n";
    assert.deepEqual(anchors(headings), ["pulumi-up-waits-a-b", "twice", "twice-1"]);
    assert.deepEqual(target("docs/a/b.md", "../c.md#d"), { file: "docs/c.md", anchor: "d" });
    assert.ok(!exists("README.md", "docs/no-such-page.md") && !exists("README.md", "#no-such-heading"));
  });
});

function textOf(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

function withoutCodeBlocks(text: string): string {
  return text.replaceAll(/^\s*```.*?^\s*```/gms, "");
}

/** Relative links of a Markdown text. */
function links(text: string): string[] {
  const prose = withoutCodeBlocks(text).replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));
}

/** Path from the root, and heading, to which a link of a page leads. */
function target(page: string, link: string): { readonly file: string; readonly anchor: string } {
  const [path = "", anchor = ""] = link.split("#");
  return { file: path === "" ? page : normalize(join(dirname(page), path)), anchor };
}

function exists(page: string, link: string): boolean {
  const { file, anchor } = target(page, link);
  if (!existsSync(join(root, file))) return false;
  if (anchor === "") return true;
  return statSync(join(root, file)).isFile() && anchors(textOf(file)).includes(anchor);
}

/** The anchors that GitHub gives to the headings of a text; a repeated heading gets a number. */
function anchors(text: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCodeBlocks(text).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = ""]) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\- _]/gu, "")
      .replaceAll(" ", "-");
    const repeated = seen.get(anchor) ?? 0;
    seen.set(anchor, repeated + 1);
    return repeated === 0 ? anchor : `${anchor}-${repeated}`;
  });
}
