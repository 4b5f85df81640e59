import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { type PreflightArgs, runPreflight } from "../../../preflight/preflight.js";
import { fleetSpec, tenantSpec } from "./spec.js";

/** The existing state that preflight checks read. A test sets it. */
export interface PreflightInputs {
  /** One server plays the cluster and GitHub: the answer for each path; 401 for all others. */
  answers: Readonly<Record<string, unknown>>;
  /** The outputs of the stack that creates repositories, or why they cannot be read. */
  owner: unknown;
  /** The resources of that stack, or why they cannot be read. */
  created: StackState | Error;
  /** The stack's own state. */
  state: StackState;
  /** The stacks whose outputs or resources were read. */
  readonly reads: string[];
}

/** A server that plays the cluster and GitHub for {@link runPreflight}, for the suite that calls it. */
export interface PreflightServer {
  readonly inputs: PreflightInputs;
  readonly args: () => PreflightArgs;
  /** The lines of the refusal of a stack. @param spec @default - one tenant with a team */
  readonly refusedAs: (spec?: ReturnType<typeof fleetSpec>) => Promise<string[]>;
}

const team = { name: "payments", existing: false, members: [], maintainers: [] };

/** Starts the server before the tests of the suite, and leads KUBECONFIG to it. */
export function usePreflightServer(): PreflightServer {
  const inputs: PreflightInputs = { answers: {}, owner: {}, created: {}, state: {}, reads: [] };
  const kubeconfig = process.env.KUBECONFIG;
  let server: Server;
  let directory: string;
  let address = "";

  before(async () => {
    server = serverOf(inputs);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    directory = await mkdtemp(join(tmpdir(), "fleet-preflight-"));
    process.env.KUBECONFIG = await writeKubeconfig(join(directory, "kubeconfig"), address);
  });
  after(async () => {
    if (kubeconfig === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = kubeconfig;
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });

  const args = () => argsOf(inputs, address);
  const refusedAs = async (spec = fleetSpec({ tenants: [tenantSpec("team-a", { team })] })) => {
    try {
      await runPreflight(spec, args());
    } catch (error) {
      if (error instanceof FleetError) return error.message.split("\n");
      throw error;
    }
    return [];
  };
  return { inputs, args, refusedAs };
}

/** A repository of fleet in an answer of GitHub. */
export function repositoryAnswer(name: string) {
  return {
    node_id: `R_${name}`,
    name,
    ssh_url: `git@github.com:acme/${name}.git`,
    html_url: `https://github.com/acme/${name}`,
    topics: ["managed-by-fleet"],
    archived: false,
  };
}

function serverOf(inputs: PreflightInputs): Server {
  return createServer((request, response) => {
    const { answers } = inputs;
    const { pathname } = new URL(request.url ?? "", "http://127.0.0.1");
    // A cluster that lists its namespaces has nothing else, unless a test says so.
    const isOther = /^\/apis?\//.test(pathname) && !pathname.startsWith("/api/v3/");
    const nothing = isOther && "/api/v1/namespaces" in answers ? { items: [] } : undefined;
    const answer = answers[pathname] ?? nothing;
    response.writeHead(answer === undefined ? 401 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { message: "Bad credentials" }));
  });
}

async function writeKubeconfig(file: string, server: string): Promise<string> {
  const content = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token: "token-of-the-cluster" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  await writeFile(file, stringify(content));
  return file;
}

function argsOf(inputs: PreflightInputs, address: string): PreflightArgs {
  return {
    environment: { GITHUB_TOKEN: "token-of-the-test", GITHUB_BASE_URL: address },
    platformSeed: ["fleet/clusters/prod-eu/kustomization.yaml", "fleet/README.md"],
    fluxObjects: [],
    state: async () => inputs.state,
    outputs: async (stack) => {
      inputs.reads.push(stack);
      if (inputs.owner instanceof Error) throw inputs.owner;
      return inputs.owner;
    },
    resources: async (stack) => {
      inputs.reads.push(`resources of ${stack}`);
      if (inputs.created instanceof Error) throw inputs.created;
      return inputs.created;
    },
    locate: (tenant, place) => ({ file: `${tenant}.yaml`, path: place.join(".") }),
  };
}
