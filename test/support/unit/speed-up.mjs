/**
 * Preload of the unit tests: what `fleet diff` does to Pulumi's SDK, for the same reason. Hundreds of tests register a whole
 * stack. Inputs and Structs have tests of their own, against the SDK's and protobuf's.
 */
import { speedUpInputs } from "../../../cli/diff/fast-inputs.mjs";
import { speedUpStructs } from "../../../cli/program/fast-structs.mjs";
import { quietSdk } from "../../../cli/program/quiet-sdk.mjs";

speedUpStructs({ isSent: false });
quietSdk(process.env);
speedUpInputs();
