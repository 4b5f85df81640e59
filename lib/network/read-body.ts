/** The most bytes of a body that is read. An API server lists 500 objects at a time, and etcd keeps 1.5 MB of one at most. */
const mostBytes = 256 * 1024 * 1024;

/**
 * A whole body as text. A server that never ends it would take all memory of this process.
 * @param parts of the body
 * @throws Error for one that is longer, and the errors of the parts
 */
export async function readBody(parts: AsyncIterable<Uint8Array>, most = mostBytes): Promise<string> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    if (size > most) throw new Error(`the answer is longer than ${most} bytes`);
    read.push(part);
  }
  return Buffer.concat(read).toString("utf8");
}
