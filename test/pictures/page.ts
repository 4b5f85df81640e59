import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { marked } from "marked";

/** The themes of GitHub's pages. */
export const themes = {
  light: { style: "github-markdown-css/github-markdown-light.css", background: "#ffffff", border: "#d1d9e0" },
  dark: { style: "github-markdown-css/github-markdown-dark.css", background: "#0d1117", border: "#3d444d" },
} as const;

/** The name of a theme. */
export type Theme = keyof typeof themes;

/** The width of a comment on GitHub's pages, in pixels. */
export const PAGE_WIDTH = 920;

/** The attribute of the page that has its height, in pixels, once a browser has laid it out. */
export const HEIGHT_ATTRIBUTE = "data-height";

const script = `document.documentElement.setAttribute("${HEIGHT_ATTRIBUTE}", String(document.documentElement.scrollHeight));`;

/** A page that shows a Markdown document as GitHub shows a comment. It loads nothing. */
export function commentPage(markdown: string, theme: Theme): string {
  const { style, background, border } = themes[theme];
  const gitHubStyle = readFileSync(createRequire(import.meta.url).resolve(style), "utf8");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<style>${gitHubStyle}</style>
<style>
html { background: ${background}; }
body { margin: 0; padding: 16px; }
.markdown-body { border: 1px solid ${border}; border-radius: 6px; padding: 16px; }
</style>
</head>
<body>
<article class="markdown-body">${marked.parse(markdown, { async: false, gfm: true })}</article>
<script>${script}</script>
</body>
</html>
`;
}
