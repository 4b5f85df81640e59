import type { TreeEntry } from "../../git/bare-repository.js";
import type { Urls } from "../urls.js";

/** Where a file is shown. */
export interface ContentContext {
  readonly urls: Urls;
  readonly owner: string;
  readonly repository: string;
  /** The branch, tag or commit that was asked for; it is part of the answer's `url`, which clients parse. */
  readonly ref: string;
}

/** A file, directory or submodule without its content. */
export function entryView({ urls, owner, repository, ref }: ContentContext, entry: TreeEntry) {
  const api = urls.repository(repository);
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const kind = entry.type === "tree" ? "tree" : "blob";
  const html = urls.page(`${owner}/${repository}/${kind}/${encodeURIComponent(ref)}/${path}`);
  const git = `${api}/git/${kind}s/${entry.sha}`;
  return {
    type:
      entry.type === "tree"
        ? "dir"
        : entry.type === "commit"
          ? "submodule"
          : entry.mode === "120000"
            ? "symlink"
            : "file",
    size: entry.size,
    name: entry.path.split("/").at(-1) ?? "",
    path: entry.path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: html,
    // GitHub's form; the emulator serves no raw files.
    download_url:
      entry.type === "blob" ? urls.page(`raw/${owner}/${repository}/${encodeURIComponent(ref)}/${path}`) : null,
    _links: { self: url, git, html },
  };
}

/** A file with its content, in Base64 with line breaks, as GitHub sends it. */
export function fileView(context: ContentContext, entry: TreeEntry, content: Buffer) {
  const base64 = content.toString("base64").replaceAll(/.{60}/g, "$&\n");
  return {
    ...entryView(context, entry),
    size: content.length,
    encoding: "base64",
    content: base64 === "" || base64.endsWith("\n") ? base64 : `${base64}\n`,
  };
}
