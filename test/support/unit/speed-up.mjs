/**
 * Preload of the unit tests: what `fleet diff` does to Pulumi's SDK, for the same reason. Hundreds of tests register a whole
 * stack. Each of these has tests of its own, against the SDK and protobuf.
 */
import { speedUpInputs } from "../../../cli/diff/fast-inputs.mjs";
import { speedUpResources } from "../../../cli/diff/fast-resources.mjs";
import { speedUpStructs } from "../../../cli/program/fast-structs.mjs";
import { quietSdk } from "../../../cli/program/quiet-sdk.mjs";

speedUpStructs({ isSent: false });
quietSdk(process.env);
speedUpInputs();
speedUpResources();
