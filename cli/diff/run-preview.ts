import { execa } from "execa";
import { definedOnly } from "../../lib/data/defined-only.js";
import { type EnginePreview, parsePreview, programMessages, resourceMessages } from "../../review/live/preview.js";
import { previewVariables, refuseFurtherTargets } from "../engine-options.js";
import { JobError } from "../explain.js";
import { endingSignal } from "./end-by-signal.js";

/** A preview of the engine. */
export interface PreviewArgs {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  readonly stack: string;
  /** Directory with Flux's manifests. @default - the environment's, or they are fetched */
  readonly manifests?: string | undefined;
}

/** The most characters of the engine's JSON, which is near the longest text of Node. A tenant has some 200,000. */
const mostCharacters = 500_000_000;

/** Options that a variable or Pulumi.yaml could set otherwise. The streamed form has another JSON. */
const streaming = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false" };

/**
 * The engine's preview of an update of a whole stack, unchanged resources included. It masks secrets, and writes no state.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
 * @throws JobError with the messages of the program or of the engine
 */
export async function previewUpdate(args: PreviewArgs): Promise<EnginePreview> {
  return await runEngine("preview", ["--show-sames", "--refresh=false"], args);
}

/**
 * The engine's preview of a refresh: it reads each object of the cluster and of GitHub, and writes no state. Secrets of the
 * cluster are left out. The engine masks their values, and the account of a preview need not read them.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_refresh/
 * @throws JobError with the messages of the engine
 */
export async function previewRefresh(args: PreviewArgs): Promise<EnginePreview> {
  return await runEngine("refresh", ["--preview-only", "--exclude", "**kubernetes:core/v1:Secret::**"], args);
}

async function runEngine(
  command: "preview" | "refresh",
  options: readonly string[],
  { root, stack, manifests }: PreviewArgs,
): Promise<EnginePreview> {
  refuseFurtherTargets();
  const args = [command, "--json", "--non-interactive", "--color", "never", "--stack", stack, ...options];
  const { failed, code, stdout, stderr, shortMessage } = await execa("pulumi", args, {
    cwd: root,
    env: { ...streaming, ...previewVariables(process.env), ...definedOnly({ FLEET_MANIFESTS: manifests }) },
    stdin: "ignore",
    reject: false,
    maxBuffer: mostCharacters,
    ...definedOnly({ cancelSignal: endingSignal() }),
  });
  endingSignal()?.throwIfAborted();
  if (code === "ENOENT") {
    throw new JobError(
      "pulumi could not be started: it is not in PATH.\nWhat to do: install Pulumi, or add it to PATH.",
    );
  }
  const preview = parsePreview(stdout);
  if (!failed && preview !== undefined) return preview;
  const reported = preview === undefined ? [] : errorsOf(preview);
  const lines = (reported.length > 0 ? reported.join("\n") : stderr.trim() || (shortMessage ?? "")).split("\n");
  throw new JobError(
    [
      `pulumi ${command} of the stack ${stack} failed. Nothing was changed.`,
      ...lines.filter((line) => line.trim() !== "").map((line) => `  ${line.replace(/^error: /, "")}`),
      "What to do: correct what is reported, then run the same command again.",
    ].join("\n"),
  );
}

function errorsOf(preview: EnginePreview): string[] {
  return [...programMessages(preview, "error"), ...resourceMessages(preview, "error")];
}
