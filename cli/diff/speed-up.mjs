/** Preload of the recorder: what the program's own preload does to Pulumi's SDK, for the same reason. */
import { speedUpStructs } from "../program/fast-structs.mjs";
import { loadLazily } from "../program/lazy-modules.mjs";

loadLazily();
speedUpStructs();
