import { isGeneration, type LoggedRequest, repositoryOf } from "./costs.js";
import { type RepositoryRuleset, rulesetBody } from "./ruleset-body.js";
import type { RecordedResource } from "./state.js";

/** One call of GitHub's REST API, to be made again. */
export interface Call {
  readonly method: string;
  /** Path and query as it was logged; ids in it are of the GitHub that was asked then. */
  readonly url: string;
  /** Status that it was answered with then. */
  readonly status: number;
  readonly body?: unknown;
}

/** Calls about one repository, which must follow one another; those about none are under "". */
export interface CallGroup {
  readonly repository: string;
  /** Whether it is made from a template, and so only after it. */
  readonly generated: boolean;
  readonly calls: readonly Call[];
}

/** The run that the requests to GitHub belong to; an update of a repository has a different meaning in each. */
export type Job = "up" | "destroy";

interface RepositoryInputs {
  readonly name: string;
  readonly description?: string;
  readonly visibility?: string;
  readonly topics?: readonly string[];
  readonly autoInit?: boolean;
  readonly isTemplate?: boolean;
  readonly archived?: boolean;
  readonly template?: unknown;
}

/**
 * The calls of a job, with bodies made from the stack's state: the log has methods and paths only.
 * @param requests in the order in which GitHub got them
 * @throws when a repository's creation cannot be told from the log
 */
export function planReplay(
  requests: readonly LoggedRequest[],
  resources: readonly RecordedResource[],
  job: Job,
): CallGroup[] {
  const repositories = inputsOf<RepositoryInputs>(resources, "github:index/repository:Repository");
  const creations = requests.filter(isCreation);
  const expected = repositories.map(({ template }) => template === undefined);
  if (creations.length > 0 && creations.length !== expected.length) {
    throw new Error(
      `GitHub was asked ${creations.length} times for a repository, and the state has ${expected.length}.`,
    );
  }
  const named = [...new Set(requests.map(({ url }) => repositoryOf(url)))].filter((name) => name !== undefined);
  const names = ["", ...new Set([...named, ...repositories.map(({ name }) => name)])];
  return names
    .map((name): CallGroup => {
      const repository = repositories.find((each) => each.name === name);
      const about = requests.filter((request) => (repositoryOf(request.url) ?? "") === name && !isCreation(request));
      const rulesets = rulesetsOf(name, resources, about);
      const calls = about.map((request) => ({
        ...request,
        ...(isRuleset(request, name) ? { body: rulesets.shift() } : bodyOf(request, name, repository, resources, job)),
      }));
      const creation = repository && creationOf(repository, creations);
      return {
        repository: name,
        generated: repository?.template !== undefined,
        calls: creation === undefined ? calls : [creation, ...calls],
      };
    })
    .filter(({ calls }) => calls.length > 0);
}

function isCreation(request: LoggedRequest): boolean {
  return isGeneration(request) || (request.method === "POST" && /^\/api\/v3\/orgs\/[^/]+\/repos$/.test(request.url));
}

/** The call that makes a repository: one of those in the log, which tells of the template but not of the name. */
function creationOf(repository: RepositoryInputs, creations: readonly LoggedRequest[]): Call | undefined {
  const generated = repository.template !== undefined;
  const call = creations.find((creation) => isGeneration(creation) === generated);
  if (call === undefined) return undefined;
  const { name, description = "", visibility = "private", autoInit = false, isTemplate = false } = repository;
  const common = { name, description, private: visibility !== "public" };
  return { ...call, body: generated ? common : { ...common, auto_init: autoInit, is_template: isTemplate } };
}

function bodyOf(
  { method, url }: LoggedRequest,
  name: string,
  repository: RepositoryInputs | undefined,
  resources: readonly RecordedResource[],
  job: Job,
): { body?: unknown } {
  if (method === "GET" || method === "DELETE") return {};
  const tail = url.split("?", 1)[0]?.split(`/${name}`).slice(1).join(`/${name}`) ?? "";
  if (method === "PUT" && tail === "/topics") return { body: { names: repository?.topics ?? [] } };
  if (method === "POST" && tail === "/keys") return { body: keyOf(name, resources) };
  if (method === "PUT" && tail.startsWith("/contents/")) {
    return { body: fileOf(name, decodeURIComponent(tail.slice("/contents/".length)), resources) };
  }
  if (method === "PATCH" && tail === "") {
    return { body: job === "destroy" ? { archived: true } : { description: repository?.description ?? "" } };
  }
  throw new Error(`The benchmark does not know what ${method} ${url} sends: say it in test/bench/replay-plan.ts.`);
}

function keyOf(name: string, resources: readonly RecordedResource[]) {
  const inputs = inputsOf<{ repository: string; title: string; key: string; readOnly: boolean }>(
    resources,
    "github:index/repositoryDeployKey:RepositoryDeployKey",
  );
  const found = inputs.find(({ repository }) => repository === name);
  if (found === undefined) throw new Error(`The state has no deploy key of the repository ${name}.`);
  return { title: found.title, key: found.key, read_only: found.readOnly };
}

function isRuleset({ method, url }: LoggedRequest, name: string): boolean {
  return method === "POST" && url.endsWith(`/${name}/rulesets`);
}

/** Bodies of a repository's rulesets. The log does not tell one from another, and each costs the same. */
function rulesetsOf(name: string, resources: readonly RecordedResource[], requests: readonly LoggedRequest[]) {
  const asked = requests.filter((request) => isRuleset(request, name)).length;
  if (asked === 0) return [];
  const inputs = inputsOf<RepositoryRuleset>(resources, "github:index/repositoryRuleset:RepositoryRuleset").filter(
    ({ repository }) => repository === name,
  );
  if (inputs.length !== asked) {
    throw new Error(
      `GitHub was asked for ${asked} rulesets of the repository ${name}, and the state has ${inputs.length}.`,
    );
  }
  return inputs.map(rulesetBody);
}

function fileOf(name: string, path: string, resources: readonly RecordedResource[]) {
  const inputs = inputsOf<{ repository: string; file: string; content: string; commitMessage: string; branch: string }>(
    resources,
    "github:index/repositoryFile:RepositoryFile",
  );
  const found = inputs.find(({ repository, file }) => repository === name && file === path);
  if (found === undefined) throw new Error(`The state has no file ${path} of the repository ${name}.`);
  const content = Buffer.from(found.content).toString("base64");
  return { message: found.commitMessage, branch: found.branch, content };
}

function inputsOf<Inputs>(resources: readonly RecordedResource[], type: string): Inputs[] {
  return resources.filter((each) => each.type === type).map(({ inputs }) => inputs as unknown as Inputs);
}
