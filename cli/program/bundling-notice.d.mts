import type { ProgressTerminal } from "../output/progress.js";

export function withBundlingNotice<T>(work: () => Promise<T>, terminal?: ProgressTerminal): Promise<T>;
