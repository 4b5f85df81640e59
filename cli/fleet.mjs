#!/usr/bin/env node
/** The `fleet` command. */
import "./bootstrap.mjs";

const { main } = await import("./fleet.ts");
process.exitCode = await main(process.argv.slice(2));
