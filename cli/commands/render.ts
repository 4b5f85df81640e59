import { closeSync, openSync, writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { withProgress } from "../output/progress.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

interface RenderOptions {
  readonly github: boolean;
  readonly tenant?: string;
  readonly file?: string;
  readonly sshAddress?: string;
  readonly manifests?: string;
  readonly withoutFlux: boolean;
}

const examples = `
Examples:
  npx fleet render staging | kubectl diff --filename -     what a cluster has differently
  npx fleet render staging --tenant team-payments          the objects of one tenant
  npx fleet render staging --file staging.yaml             to a new file, for a policy tool
  npx fleet render staging --github                        repositories, rulesets and keys
`;

/** Adds `render`. @param environment names the GitHub of the stack */
export function addRenderCommand(
  program: Command,
  { out }: Streams,
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  program
    .command("render")
    .summary("print everything that a stack creates, as YAML")
    .description(
      "print the Kubernetes objects that pulumi up creates on a stack, as YAML that kubectl and policy tools read; with --github the resources of GitHub. The same files give the same bytes. The values of Secrets are left out; needs no credentials, no cluster and no GitHub, and GITHUB_OWNER and GITHUB_BASE_URL only where the settings do not name the organisation",
    )
    .argument("<stack>", "stack to render")
    .option("--tenant <tenant>", "resources of one tenant only")
    .option("--github", "the resources outside the cluster, as a list of types and inputs", false)
    .option("--file <file>", "write a new file instead of the standard output; an existing one is refused")
    .addOption(
      new Option(
        "--manifests <folder>",
        "folder with Flux's manifests, as VERSION/install.yaml; others are fetched",
      ).env("FLEET_MANIFESTS"),
    )
    .option("--ssh-address <host:port>", "host and port of GitHub's clone URLs, if they are not those of its pages")
    .option("--without-flux", "leave out Flux's own objects, whose manifest is fetched from GitHub", false)
    .addHelpText("after", examples)
    .action(async (name: string, options: RenderOptions, command: Command) => {
      const stack = await requireStack(command, root, name);
      const args = { root, stack, options, environment };
      const text = await withProgress(`Rendering ${stack}`, () => render(command, args));
      if (options.file === undefined) out(text);
      else writeNew(options.file, text);
    });
}

interface RenderArgs {
  readonly root: string;
  readonly stack: string;
  readonly options: RenderOptions;
  readonly environment: NodeJS.ProcessEnv;
}

async function render(command: Command, { root, stack, options, environment }: RenderArgs): Promise<string> {
  // Imported here, because the other commands need none of these.
  const [{ planStack }, { loadStack }, { gitHubHost }, assumed, { renderGitHub, renderManifests }] = await Promise.all([
    import("../plan-stack.js"),
    import("../load-stack.js"),
    import("../../config/stack/environment.js"),
    import("../../review/record/assumed-github.js"),
    import("../../operate/render/manifests.js"),
  ]);
  const { manifests, withoutFlux, tenant, github, sshAddress } = options;
  const owner = environment.GITHUB_OWNER || (await loadStack(root, stack)).spec?.github.owner || assumed.UNKNOWN_OWNER;
  const gitHub = assumed.organisationOn(gitHubHost(environment), owner, sshAddress);
  const { tenants, resources } = await planStack({ root, stack, manifests, withoutFlux, gitHub });
  if (tenant !== undefined && !tenants.includes(tenant)) {
    const known = tenants.length === 0 ? "It has no tenants." : `The tenants are ${tenants.join(", ")}.`;
    const remedy = didYouMean(nearMatches(tenant, tenants), known);
    return command.error(`error: the stack ${stack} has no tenant ${JSON.stringify(tenant)}. ${remedy}`);
  }
  const wanted = tenant === undefined ? resources : resources.filter((one) => one.tenant === tenant);
  return github ? renderGitHub(wanted) : renderManifests(wanted);
}

/** @throws FleetError if the file exists: a page of another stack would be lost */
function writeNew(file: string, text: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, "wx");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    throw fleetError(file, "", "exists already, so it is not written over", "Remove it, or name another file");
  }
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}
