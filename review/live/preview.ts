import { isPlainObject } from "../../lib/data/merge.js";

/** A resource in the engine's JSON, as far as a review reads it. Secrets are masked there. */
export interface EngineState {
  readonly urn: string;
  readonly type: string;
  /** Whether the update that failed before has left it for deletion. */
  readonly delete?: boolean;
  /** Whether the program only reads it. */
  readonly external?: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
}

/** The engine's plan for one resource. */
export interface EngineStep {
  /** `same`, `create`, `update`, `replace`, `delete`, `import`, `read`; `refresh` of an object without a change. */
  readonly op: string;
  readonly urn: string;
  readonly oldState?: EngineState;
  readonly newState?: EngineState;
  /** Changed fields by their path, where the provider tells them. */
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
  /** The same without the parts of fields. */
  readonly diffReasons?: readonly string[];
}

/** A message of the engine, of a provider or of the program. */
export interface EngineDiagnostic {
  /** The resource that it is about. @default - the stack */
  readonly urn?: string;
  readonly message?: string;
  /** `info`, `warning`, `error`. */
  readonly severity?: string;
}

/** The result of `pulumi preview --json`, and of `pulumi refresh --preview-only --json`. */
export interface EnginePreview {
  readonly steps: readonly EngineStep[];
  readonly diagnostics: readonly EngineDiagnostic[];
}

/** Reads the engine's JSON. Undefined for any other text: an engine that fails early prints none. */
export function parsePreview(text: string): EnginePreview | undefined {
  const value = parsed(text);
  if (!isPlainObject(value)) return undefined;
  const { steps, diagnostics } = value as { readonly steps?: unknown; readonly diagnostics?: unknown };
  return { steps: listOf<EngineStep>(steps), diagnostics: listOf<EngineDiagnostic>(diagnostics) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function listOf<Item>(value: unknown): readonly Item[] {
  return Array.isArray(value) ? value : [];
}

/**
 * The messages of one severity about the whole stack, which are those of the program, without the engine's prefix.
 * @param severity `info`, `warning` or `error`
 */
export function programMessages({ diagnostics }: EnginePreview, severity: string): string[] {
  return diagnostics
    .filter((one) => one.severity === severity && isOfStack(one.urn))
    .map(messageOf)
    .filter((message) => message !== "");
}

/** The messages of one severity about single resources, each after the name of its resource. */
export function resourceMessages({ diagnostics }: EnginePreview, severity: string): string[] {
  return diagnostics
    .filter((one) => one.severity === severity && !isOfStack(one.urn))
    .map((one) => `${one.urn?.split("::").at(-1)}: ${messageOf(one)}`);
}

function isOfStack(urn: string | undefined): boolean {
  return urn === undefined || urn === "" || urn.includes("::pulumi:pulumi:Stack::");
}

function messageOf({ message = "" }: EngineDiagnostic): string {
  return message.replace(/^(?:info|warning|error): /, "").trim();
}
