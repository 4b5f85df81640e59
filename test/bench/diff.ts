/**
 * `npm run bench:diff`: the costs of `npx fleet diff` for three stacks with thirty tenants each, without Flux's own objects.
 */

import { measureDiff } from "./fleet-diff.js";
import { diffTable } from "./report.js";

process.stdout.write(`${diffTable(await measureDiff())}\n`);
