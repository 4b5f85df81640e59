/** `npm run stop`: ends every process that `npm start` started, and keeps their data. */
import { main } from "./fleet.js";

process.exitCode = await main(["sandbox", "down"]);
