import { posix } from "node:path";
import type { BuiltPlatform, Fault } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

const MiB = 1024 * 1024;

/** GitHub's API returns the content of files up to this size, and the program reads those of the seed by it. */
const largestFile = MiB;

/** Every cluster fetches, unpacks and builds all files again with each commit. The files of the project have 0.1 MiB. */
const largestFolder = 10 * MiB;

/** Files by which the content that Flux applies is another than that of the files. */
const rewriting: Readonly<Record<string, string>> = {
  ".sourceignore": "has Flux leave out files, so that it applies others than those which the rules judge",
  ".gitattributes": "has Git change files in a checkout, so that Flux reads others than those which the rules judge",
};

/** The files themselves: those that Flux reads otherwise than the rules, and their size. */
export const files: PlatformRule = {
  name: "platform-files",
  level: "mandatory",
  title: "fleet/ has no .sourceignore and no .gitattributes, no file over 1 MiB, and 10 MiB at most",
  reason: "what Flux applies must be what is judged, and a large repository slows every cluster down with each commit",
  fix: "remove the file, or keep large content where a chart or an image has it",
  violations: (platform) => [...fileFaults(platform), ...folderFault(platform)],
};

function fileFaults({ files: all }: BuiltPlatform): Fault[] {
  return Object.entries(all).flatMap(([file, text]) => {
    const fault = (message: string): Fault => ({ resource: file, place: { file, path: "" }, message });
    const rewrites = rewriting[posix.basename(file)];
    return [
      ...(rewrites === undefined ? [] : [fault(`${file} ${rewrites}`)]),
      ...(Buffer.byteLength(text) > largestFile ? [fault(`${file} has ${sizeOf(Buffer.byteLength(text))}`)] : []),
    ];
  });
}

function folderFault({ files: all }: BuiltPlatform): Fault[] {
  const size = Object.values(all).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size <= largestFolder) return [];
  return [{ resource: "fleet", place: { file: "fleet", path: "" }, message: `fleet/ has ${sizeOf(size)}` }];
}

function sizeOf(bytes: number): string {
  return `${(bytes / MiB).toFixed(1)} MiB`;
}
