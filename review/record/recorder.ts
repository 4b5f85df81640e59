import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import type { FieldPath } from "../../lib/kubernetes/field-path.js";

/** One registration, as the program sent it to the engine. */
export interface Registration {
  /** Pulumi type: `kubernetes:core/v1:Namespace`, `fleet:flux:Install`. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Whether a provider makes it; false for a component. */
  readonly custom: boolean;
  /** Inputs with every output resolved and every secret opened. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Top-level inputs that are, or hold, a secret. */
  readonly secretInputs: readonly string[];
  /** Places of the secrets in the inputs: the outermost field that the engine keeps secret. */
  readonly secretPaths: readonly FieldPath[];
  /** URN of the parent; empty at the top. */
  readonly parent: string;
  /** URNs that it waits for: explicit ones (a component counts as all its children) and those of its inputs. */
  readonly dependsOn: readonly string[];
  /** Reference of its provider, `URN::ID`; empty for components and for a default provider. */
  readonly provider: string;
  readonly customTimeouts: { readonly create: string; readonly update: string; readonly delete: string };
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** URNs that the resource may have in the state. The Kubernetes provider's own, of other API versions, are left out. */
  readonly aliases: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Id under which the engine takes over what exists; empty when it creates. */
  readonly importId: string;
}

/** A call of a provider's function that the program made. */
export interface Call {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The substitutes for the engine and providers while a program is recorded. */
export interface RecordOptions {
  /** @default "fleet" */
  readonly project?: string;
  /** @default "staging" */
  readonly stack?: string;
  /** Whether the program believes that it is previewed. @default false */
  readonly preview?: boolean;
  /** Configuration with its full keys: `fleet:fluxVersion`. @default none */
  readonly config?: Readonly<Record<string, string>>;
  /** Keys of the configuration that are secret. @default none */
  readonly secretKeys?: readonly string[];
  /** Name of a resource that the engine does not create, as in an update with `--target`. @default - it creates all */
  readonly skipped?: string;
  /** Name of a resource that fails, as in an update with `--continue-on-error`. It keeps its id. @default - none fails */
  readonly failed?: string;
  /** The outputs that a provider adds to a resource's inputs. @default none */
  readonly outputs?: (resource: pulumi.runtime.MockResourceArgs) => Readonly<Record<string, unknown>>;
  /** The answer to a provider's function. @default such a call is an error */
  readonly call?: (call: Call) => Readonly<Record<string, unknown>>;
}

/** Everything that a program registered, in the order in which the engine heard of it. */
export class Recording<Result = unknown> {
  constructor(
    /** The result of the program. */
    readonly result: Result,
    readonly registrations: readonly Registration[],
    readonly calls: readonly Call[],
  ) {}

  /**
   * The one registration of this type and name.
   * @throws Error naming what there is of that type
   */
  find(type: string, name: string): Registration {
    const ofType = this.ofType(type);
    const found = ofType.find((one) => one.name === name);
    if (found) return found;
    const names = ofType.map((one) => one.name).join(", ") || "none";
    throw new Error(`no ${type} is called ${name}; of that type there are: ${names}`);
  }

  /** All registrations of a type. */
  ofType(type: string): readonly Registration[] {
    return this.registrations.filter((one) => one.type === type);
  }

  /** Whether `later` waits for `earlier`, directly or through others, so that destroy removes `later` first. */
  waitsFor(later: Registration, earlier: Registration, seen: ReadonlySet<string> = new Set()): boolean {
    if (later.dependsOn.includes(earlier.urn)) return true;
    const visited = new Set([...seen, later.urn]);
    return later.dependsOn.some((urn) => {
      const between = this.registrations.find((one) => one.urn === urn);
      return between !== undefined && !visited.has(urn) && this.waitsFor(between, earlier, visited);
    });
  }
}

/**
 * Runs `program` under mocks and returns what it registered, once nothing is under way any more.
 *
 * A registration that fails shows as an unhandled rejection. Node ends the process then, and test/support/unit/hooks.ts
 * makes it the failure of a test.
 * Pulumi writes a stack trace for every promise. Meanwhile these have no places: finding them in source maps took a quarter
 * of the time.
 * @throws whatever `program` throws
 */
export async function record<Result>(
  program: () => Result | Promise<Result>,
  options: RecordOptions = {},
): Promise<Recording<Result>> {
  const registrations: Registration[] = [];
  const calls: Call[] = [];
  const { project = "fleet", stack = "staging", preview = false, config = {}, secretKeys = [] } = options;

  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => ({
        id: resource.custom && resource.name !== options.skipped ? `${resource.name}-id` : "",
        state: { ...resource.inputs, ...options.outputs?.(resource) },
      }),
      call: ({ token, inputs }) => {
        const call = { token, inputs };
        calls.push(call);
        if (!options.call) throw unforeseen(token);
        return options.call(call);
      },
    },
    project,
    stack,
    preview,
    // As a self-managed backend calls it.
    "organization",
  );
  refuseTransforms();
  pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
  listen((registration) => registrations.push(registration), options.failed);

  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = String;
  try {
    const result = await program();
    await settle(() => registrations.length + calls.length);
    return new Recording(result, registrations, calls);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    await pulumi.runtime.disconnect();
  }
}

/**
 * Has the SDK refuse transforms, which only an engine runs. Its mocks say that they support them, and then a record would have
 * the inputs of before a transform. The SDK's types do not show its features.
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/sdk/nodejs/runtime/mocks.ts setMocks
 */
function refuseTransforms(): void {
  const { getStore } = state as unknown as {
    getStore(): { supportsTransforms: boolean; supportsInvokeTransforms: boolean };
  };
  Object.assign(getStore(), { supportsTransforms: false, supportsInvokeTransforms: false });
}

/** Turns of the event loop without news after which nothing more is to be expected. */
const quietTurns = 5;

/**
 * Waits until nothing is registered or called any more.
 *
 * Pulumi's own end of a program waits for requests under way, and misses those that the last answer brings about.
 * Under mocks every answer comes within a turn of the event loop.
 */
async function settle(count: () => number): Promise<void> {
  for (let quiet = 0, before = -1; quiet < quietTurns; quiet += 1) {
    if (count() !== before) quiet = 0;
    before = count();
    await setImmediate();
  }
}

/** Pulumi tells a program only the `details` of what went wrong in a call. */
function unforeseen(token: string): Error {
  const details = `${token} was called, and the recording has no answer to it`;
  return Object.assign(new Error(details), { details });
}

/** The value of an output of a recorded program. */
export function resolved<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}

interface Monitor {
  registerResource(
    request: RegisterResourceRequest,
    callback: (error: unknown, response: RegisterResourceResponse) => void,
  ): Promise<void>;
}

/** `Result.FAIL` of Pulumi's protocol. */
const failed = 1;

/** Mocks get inputs only; dependencies, parents and options are in the request to the monitor. */
function listen(heard: (registration: Registration) => void, failing: string | undefined): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (!error) heard(registrationOf(request, response.getUrn()));
      if (!error && request.getName() === failing) response.setResult(failed);
      callback(error, response);
    });
}

function registrationOf(request: RegisterResourceRequest, urn: string): Registration {
  const raw: Record<string, unknown> = request.getObject()?.toJavaScript() ?? {};
  const timeouts = request.getCustomtimeouts();
  const secretPaths = holdsSecret(raw) ? secretPathsIn(raw) : [];
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    custom: request.getCustom(),
    inputs: secretPaths.length === 0 ? raw : (open(raw) as Record<string, unknown>),
    secretInputs: [...new Set(secretPaths.map(([key]) => String(key)))],
    secretPaths,
    parent: request.getParent(),
    dependsOn: [...request.getDependenciesList()].sort(),
    provider: request.getProvider(),
    customTimeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request
      .getAliasesList()
      .map((alias) => alias.getUrn())
      .filter((alias) => alias !== ""),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    importId: request.getImportid(),
  };
}

/** Opens secrets, which travel as objects that hold their value. */
function open(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return open(pulumi.runtime.unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, open(field)]));
}

function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return pulumi.runtime.isRpcSecret(value) || Object.values(value).some(holdsSecret);
}

function secretPathsIn(value: unknown): FieldPath[] {
  if (pulumi.runtime.isRpcSecret(value)) return [[]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const step = Array.isArray(value) ? Number(key) : key;
    return secretPathsIn(field).map((path) => [step, ...path]);
  });
}
