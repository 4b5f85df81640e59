import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkout } from "../../../cli/checkout.js";
import { requireSpec } from "../../../cli/load-stack.js";
import { withLeftOut } from "../../../config/stack/left-out-tenants.js";
import { messageOf } from "../../../lib/diagnostics/problem.js";
import { resourcesDigest } from "../../../lib/state/resources-digest.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { readContent } from "../../../promotion/content.js";
import { PROGRAM_FILES, PROGRAM_FOLDERS } from "../../../promotion/program-digest.js";
import { nextProof, type Proof } from "../../../promotion/proof.js";
import { MADE_UP_KEY } from "../../../review/planned-resource.js";
import { type Call, type Registration, record } from "../../../review/record/recorder.js";
import { clusterFolders, noDefaultProviders, soundSettings } from "./checkout-tree.js";
import { FakeClusters } from "./fake-cluster-server.js";
import { FakeGitHub } from "./fake-github.js";
import { asYaml, fluxManifest } from "./flux-manifest.js";
import type { ClusterAnswer } from "./list-pages.js";
import { older } from "./lock-checkout.js";
import { repositoryAnswer } from "./preflight-server.js";
import { writeTree } from "./tree-files.js";

/** The outside of one run of the program on the stack prod-eu. */
export interface ProgramRunArgs {
  /** The proof of staging. @default - none */
  readonly proved?: Proof | undefined;
  /** The state of prod-eu before. @default - none */
  readonly state?: StackState;
  /** Further settings of prod-eu, as Pulumi gives them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Tenants that the update leaves as they are. @default - a whole update */
  readonly leftOut?: readonly string[];
  /** Whether it is a preview. @default false */
  readonly preview?: boolean;
}

/** The result of a run of the program. */
export interface ProgramRun {
  /** Message of its error. Undefined for a run that ended well. */
  readonly refusal: string | undefined;
  readonly registrations: readonly Registration[];
  /** Its sentences for the user. */
  readonly sentences: readonly string[];
  /** Its requests to GitHub: `GET /api/v3/orgs/acme/repos`. */
  readonly requests: readonly string[];
}

const tree = {
  "Pulumi.staging.yaml": soundSettings(),
  "Pulumi.prod-eu.yaml": soundSettings("fleet:promotesFrom: staging", "fleet:platformRevision: {branch: main}"),
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
  "manifests/v2.9.2/install.yaml": asYaml(fluxManifest()),
  "stacks/base/tenants/team-a.yaml":
    "name: team-a\nexports: {search: {service: search, pods: {app: search}, port: 80, to: [team-b]}}\n",
  "stacks/base/tenants/team-b.yaml": "name: team-b\nimports: {search: {tenant: team-a, export: search}}\n",
  "stacks/staging/tenants/team-a.yaml": "",
  "stacks/staging/tenants/team-b.yaml": "",
  "stacks/prod-eu/tenants/team-a.yaml": "sync: {ref: {branch: main}}\n",
  ...clusterFolders("staging", "prod-eu"),
};
const settings = {
  "pulumi:disable-default-providers": noDefaultProviders,
  "fleet:repositoryOwner": "staging",
  "fleet:fluxVersion": "v2.9.2",
  "fleet:promotesFrom": "staging",
  "fleet:platformRevision": '{"branch":"main"}',
};
const repositories = ["platform", "team-a", "team-b"];
const platformFiles = {
  truncated: false,
  tree: [{ type: "blob", path: "fleet/clusters/prod-eu/kustomization.yaml" }],
};

/**
 * The program itself, index.ts, with the stacks staging and prod-eu of two tenants, a cluster without objects, and a GitHub
 * with the repositories that staging created. prod-eu promotes from staging, and runs team-a at first.
 */
export class ProgramCheckout {
  readonly root = mkdtempSync(join(tmpdir(), "fleet-index-"));
  /** Answers of the cluster by path. It has no other objects. */
  readonly cluster: Record<string, ClusterAnswer> = { "/api/v1/namespaces": { items: [] } };
  readonly #clusters = new FakeClusters();
  readonly #gitHub = new FakeGitHub({ repos: repositories.map(repositoryAnswer), teams: [], platform: platformFiles });
  #restore: () => void = () => undefined;

  private constructor() {
    writeTree(this.root, tree);
    for (const file of PROGRAM_FILES) copyFileSync(join(checkout, file), join(this.root, file));
    const folders = new Set(["node_modules", ...PROGRAM_FOLDERS.map((folder) => folder.replace(/\/.*/, ""))]);
    for (const folder of folders) symlinkSync(join(checkout, folder), join(this.root, folder));
  }

  /** Starts the cluster and GitHub, and leads the environment to them. */
  static async start(): Promise<ProgramCheckout> {
    const program = new ProgramCheckout();
    await program.#gitHub.start();
    await program.#clusters.add("prod-eu", program.cluster, { token: "token-of-the-cluster" });
    const { KUBECONFIG = "" } = program.#clusters.environment("prod-eu");
    program.#restore = withVariables({
      ...program.#gitHub.environment,
      KUBECONFIG,
      GITHUB_OWNER: "acme",
      FLEET_MANIFESTS: join(program.root, "manifests"),
    });
    return program;
  }

  /** Ends them, restores the environment and deletes the checkout. */
  async end(): Promise<void> {
    this.#restore();
    await Promise.all([this.#gitHub.stop(), this.#clusters.end()]);
    rmSync(this.root, { recursive: true });
  }

  write(files: Readonly<Record<string, string>>): void {
    writeTree(this.root, files);
  }

  /** The proof of staging once it has run the files as they are. */
  async provedByStaging(): Promise<Proof> {
    const content = readContent(this.root, await requireSpec(this.root, "staging"));
    return nextProof({ before: undefined, content, now: Date.now() - 1000 });
  }

  /** Runs the program on prod-eu. */
  async run(args: ProgramRunArgs): Promise<ProgramRun> {
    const { leftOut, state = {} } = args;
    if (leftOut === undefined) return await this.#record(args);
    const stays = { tenants: leftOut, excluded: [], resources: resourcesDigest(Object.keys(state)) };
    return await withLeftOut(stays, async (variables) => {
      const restore = withVariables(variables);
      try {
        return await this.#record(args);
      } finally {
        restore();
      }
    });
  }

  async #record({ proved, state = {}, settings: further, preview = false }: ProgramRunArgs): Promise<ProgramRun> {
    const { default: program } = (await import(pathToFileURL(join(this.root, "index.ts")).href)) as {
      readonly default: () => Promise<unknown>;
    };
    const repositoryIds = Object.fromEntries(repositories.map((name) => [name, `R_${name}`]));
    const sentences: string[] = [];
    this.#gitHub.requests.splice(0);
    const { result, registrations } = await withSentences(sentences, () =>
      record(() => program().then(() => undefined, messageOf), {
        ...{ stack: "prod-eu", preview },
        config: { ...settings, ...further },
        outputs: ({ type }) => (type === "tls:index/privateKey:PrivateKey" ? madeUpKey : {}),
        call: (call) => answerOf(call, { repositoryIds, proved }, state),
      }),
    );
    const requests = this.#gitHub.requests.map(({ line }) => line);
    return { refusal: result, registrations, sentences, requests };
  }
}

/** Sets variables of this process. @returns a function that restores them */
function withVariables(variables: Readonly<Record<string, string>>): () => void {
  const former = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

const madeUpKey = {
  privateKeyOpenssh: "made-up private key",
  publicKeyOpenssh: `${MADE_UP_KEY}\n`,
  publicKeyFingerprintSha256: "SHA256:made-up",
};

/** The answer of the engine or of a provider. @param outputs those of staging @param state that of prod-eu */
function answerOf({ token }: Call, outputs: object, state: StackState): Readonly<Record<string, unknown>> {
  if (token === "pulumi:pulumi:readStackOutputs") return { outputs };
  if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: state };
  return { keys: ["ssh-ed25519 BBBB"], id: "keys" };
}

type Say = (sentence: string) => Promise<void>;

/** Notes the sentences of the program, which Pulumi prints where there is no engine. */
async function withSentences<Result>(sentences: string[], work: () => Promise<Result>): Promise<Result> {
  const log = createRequire(import.meta.url)("@pulumi/pulumi/log") as { info: Say; warn: Say };
  const { info, warn } = log;
  const note: Say = async (sentence) => {
    sentences.push(sentence);
  };
  Object.assign(log, { info: note, warn: note });
  try {
    return await work();
  } finally {
    Object.assign(log, { info, warn });
  }
}
