/**
 * Preload of the unit tests: what the program's preload does to Pulumi's SDK, for the same reason. Hundreds of tests
 * register a whole stack. The codec of Structs has tests of its own, against protobuf's.
 */
import { speedUpStructs } from "../../../cli/program/fast-structs.mjs";
import { quietSdk } from "../../../cli/program/quiet-sdk.mjs";

speedUpStructs();
quietSdk(process.env);
