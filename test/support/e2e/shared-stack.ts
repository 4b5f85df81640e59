import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RequestReport } from "./emulator.js";
import { copyCheckout, copyProgram } from "./program-copy.js";
import { editYaml } from "./program-settings.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "./sandbox.js";

/** The tenant that a test file declares, which no other file touches. */
export interface DeclaredTenant {
  /** Its file in stacks/base/tenants, in place of the fixtures'; without the name. @default nothing but the name */
  readonly base?: Readonly<Record<string, unknown>>;
  /** Its file in stacks/staging/tenants, in place of the fixtures'. @default nothing */
  readonly overlay?: Readonly<Record<string, unknown>>;
  /** Settings of the stack that it needs, without `fleet:`. They hold for every file's tests. @default none */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of other stacks that it needs: stack → setting without `fleet:` → value. @default none */
  readonly otherStacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Its part of `fleet:secrets`: name → value. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Asked once, before the first `pulumi up`. What it starts has to end with the sandbox. */
type Declare = (sandbox: TestSandbox, staging: TestEnvironment) => DeclaredTenant | Promise<DeclaredTenant>;

/**
 * The stack staging with the tenants of all test files of a process, made by one `pulumi up`: each up of its own would
 * cost its file a minute. Besides them it has the tenants of the fixtures.
 */
export class SharedStack {
  private constructor(
    readonly sandbox: TestSandbox,
    readonly staging: TestEnvironment,
    /** Folder of the program with everything that was declared. A test that changes something takes a `copy()`. */
    readonly program: string,
    /** The output of the first `pulumi up`. */
    readonly printed: string,
    /** The requests to GitHub during that. */
    readonly requests: RequestReport["requests"],
  ) {}

  static async make(declarations: ReadonlyMap<string, Declare>): Promise<SharedStack> {
    const sandbox = await sharedSandbox();
    const staging = await sandbox.environment();
    const cwd = await copyProgram(await sandbox.scratch("program"));
    for (const [name, declare] of declarations) {
      const declared = await declare(sandbox, staging);
      const { base = {}, overlay = {}, settings = {}, otherStacks = {}, secrets = {} } = declared;
      await writeFile(join(cwd, "stacks", "base", "tenants", `${name}.yaml`), stringify({ name, ...base }));
      await writeFile(join(cwd, "stacks", "staging", "tenants", `${name}.yaml`), stringify(overlay));
      for (const [stack, values] of Object.entries({ ...otherStacks, staging: settings })) {
        const fields = Object.entries(values).map(([key, value]) => [["config", `fleet:${key}`], value] as const);
        await editYaml(cwd, `Pulumi.${stack}.yaml`, fields);
      }
      for (const [key, value] of Object.entries(secrets)) {
        const set = ["config", "set", "--path", "--secret", `fleet:secrets.${name}.${key}`, value];
        await staging.engine.succeed(set, { cwd });
      }
    }
    const github = await sandbox.github();
    await github.resetRequests();
    const { all } = await staging.engine.up({ cwd });
    const { requests } = await github.requests();
    return new SharedStack(sandbox, staging, cwd, all, requests);
  }

  /** A copy of the program for one file's tests, which change their own tenant in it, and no other. */
  async copy(): Promise<string> {
    return copyProgram(await this.sandbox.scratch("program"), this.program);
  }

  /** A copy of the whole checkout with the tenants as they were declared, in which `npx fleet` works. */
  async checkout(): Promise<string> {
    const directory = await copyCheckout(await this.sandbox.scratch("checkout"));
    for (const part of ["stacks", "Pulumi.staging.yaml", "Pulumi.prod-eu.yaml"]) {
      await cp(join(this.program, part), join(directory, part), { recursive: true });
    }
    return directory;
  }

  /** `pulumi up` with a copy: what other files' tests changed before is undone. @returns the output */
  async up(cwd: string): Promise<string> {
    return (await this.staging.engine.up({ cwd })).all;
  }
}

const declarations = new Map<string, Declare>();
let stack: Promise<SharedStack> | undefined;

/**
 * Declares a test file's own tenant. To be called while mocha loads the file: the stack then comes up with the tenants of
 * all files that run, and a file that runs alone waits for its own only.
 * @returns gives the stack, with the file's tenant as it was declared; for the hook before the file's tests
 */
export function declareTenant(name: string, declare: Declare): () => Promise<SharedStack> {
  if (stack !== undefined) throw new Error(`${name} is declared too late: the stack is up.`);
  if (declarations.has(name)) throw new Error(`Two files declare the tenant ${name}.`);
  declarations.set(name, declare);
  return () => {
    stack ??= SharedStack.make(declarations);
    return stack;
  };
}
