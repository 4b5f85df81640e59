/** `npm run stop`: ends everything that `npm start` started; data stays. */
import { main } from "./fleet.js";

process.exitCode = await main(["sandbox", "down"]);
