/** The output of a command. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}
/** The streams of this process. */
export const standardStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};
