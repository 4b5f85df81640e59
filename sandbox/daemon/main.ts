/** Entry of a daemon's process: launch.ts starts it with a JSON text, as a bundle (daemon-bundle.ts). */
import { environmentDaemon, githubDaemon, statePaths } from "../state/state-directory.js";
import { hostEnvironment } from "./environment.js";
import { hostGitHub } from "./github.js";
import { host } from "./host.js";
import { daemonSpecSchema } from "./spec.js";

const spec = daemonSpecSchema.parse(JSON.parse(process.argv[2] ?? "null"));
const paths = statePaths(spec.stateDirectory);
// Not awaited: a bundle whose code V8 keeps is a script, which cannot wait. Node ends with 1 when it is rejected.
if (spec.kind === "github") void host(paths, githubDaemon, spec, () => hostGitHub(spec));
else void host(paths, environmentDaemon(spec.stack), spec, () => hostEnvironment(spec));
