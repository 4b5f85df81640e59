import { randomBytes } from "node:crypto";
import { promisify } from "node:util";

/**
 * Threads of the child, half of which ask the resolver of names. Of Node's four, two names that no resolver answers would
 * occupy all that ask it, and no other cluster could be found.
 * @see https://docs.libuv.org/en/v1.x/threadpool.html
 */
const threads = 64;

/** Variable that keeps the number of threads which the environment of the command names. */
const former = "FLEET_FORMER_THREADPOOL_SIZE";

/** The environment of a child with these threads, or with more if the environment names more. */
export function withThreads(environment) {
  const { UV_THREADPOOL_SIZE: own = "" } = environment;
  const size = Math.max(threads, Number.parseInt(own, 10) || 0);
  return { ...environment, UV_THREADPOOL_SIZE: String(size), [former]: own };
}

/**
 * Starts the threads of the child, and gives the environment back the number that it had: what the child starts, such as
 * a login plugin, has no use for so many.
 */
export async function startThreads(environment = process.env) {
  // libuv reads the number, and starts all threads, when it needs one for the first time: before the variable goes.
  await promisify(randomBytes)(1);
  const { [former]: own = "" } = environment;
  delete environment[former];
  if (own === "") delete environment.UV_THREADPOOL_SIZE;
  else environment.UV_THREADPOOL_SIZE = own;
}
