import type { Writable } from "node:stream";

/** The output of a command. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person reads `out` on a terminal. @default false */
  readonly isTerminal?: boolean;
  /** Whether the reader of `out` has gone, like that of `fleet status | head -1`. @default - it never goes */
  readonly isClosed?: () => boolean;
}

/** A stream of a process. */
type Output = Writable & { readonly isTTY?: boolean };

/**
 * The output of a command to streams. Once the reader of one has gone, nothing more is written to it, and the command goes
 * on to its end.
 */
export function streamsOf(stdout: Output, stderr: Output): Streams {
  const [out, err] = [writerTo(stdout), writerTo(stderr)];
  return { out: out.write, err: err.write, isTerminal: stdout.isTTY === true, isClosed: out.isClosed };
}

function writerTo(stream: Output) {
  let closed = false;
  let isWatched = false;
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    closed = true;
  };
  return {
    isClosed: () => closed,
    write: (text: string) => {
      if (!isWatched) stream.on("error", onError);
      isWatched = true;
      if (!closed) stream.write(text);
    },
  };
}

/** The streams of this process. */
export const standardStreams: Streams = streamsOf(process.stdout, process.stderr);
