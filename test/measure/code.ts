/**
 * `npm run measure:code`: the numbers of the code, of this checkout or of another one:
 *
 *     npm run measure:code
 *     npm run measure:code -- ../other-checkout
 */
import { join, resolve } from "node:path";
import { Command } from "commander";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { measure } from "./measure.js";
import { type Checkout, readCheckout } from "./read-checkout.js";
import { renderReport } from "./report.js";

const command = new Command("npm run measure:code --")
  .description("Prints the lines, long functions, imports between folders and duplicated blocks of a checkout.")
  .argument("[folder]", "the checkout", join(import.meta.dirname, "../.."))
  .action((folder: string) => {
    process.stdout.write(renderReport(measure(read(folder))));
  });

/** An unreadable folder is the caller's mistake: the message needs no stack trace. */
function read(folder: string): Checkout {
  try {
    return readCheckout(resolve(folder));
  } catch (error) {
    return command.error(messageOf(error));
  }
}

command.parse();
