import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import getPort from "get-port";
import { writePrivateFile } from "../lib/private-file.js";

/**
 * Free loopback ports, one for each name.
 *
 * The ports of the last run are taken again when they are free, so that addresses in people's shells stay valid. The
 * answer is not a reservation: between here and the bind another process may take a port, so the caller must be
 * ready to try again (`lostPort`).
 * @param file where the choice is remembered (JSON, name to port)
 * @param options.fresh take other ports than last time, because one was lost. @default false
 */
export async function choosePorts<Name extends string>(
  file: string,
  names: readonly Name[],
  options: { readonly fresh?: boolean } = {},
): Promise<Record<Name, number>> {
  const before = options.fresh === true ? {} : await remembered(file);
  const chosen = {} as Record<Name, number>;
  for (const name of names) {
    const wish = before[name];
    const taken = Object.values<number>(chosen);
    const again = wish !== undefined && !taken.includes(wish) && (await isFree(wish));
    chosen[name] = again ? wish : await getPort({ host: "127.0.0.1", exclude: taken });
  }
  await writePrivateFile(file, `${JSON.stringify(chosen, null, 2)}\n`);
  return chosen;
}

/** Whether a port can be bound now. (get-port itself refuses for half a minute what it has given out before.) */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether a process ended because another one had taken its port: the words of Go's and Node's network errors. */
export function lostPort(log: string): boolean {
  return /address already in use|EADDRINUSE/i.test(log);
}

async function remembered(file: string): Promise<Partial<Record<string, number>>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, port]) => Number.isInteger(port)));
}
