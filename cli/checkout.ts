import { join } from "node:path";

/** The checkout of the project: the folder of `index.ts` and `package.json`. */
export const checkout = join(import.meta.dirname, "..");
