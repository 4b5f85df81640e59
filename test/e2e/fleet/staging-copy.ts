import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";

/** The stack staging of the shared sandbox, and a copy of the program whose files a test changes. */
export interface StagingCopy {
  readonly environment: TestEnvironment;
  /** Folder of the copy. */
  readonly cwd: string;
}

/** Copies the program, and runs a first update of staging if there was none. @param copy fills an empty folder, and returns it */
export async function copyForStaging(copy: (directory: string) => Promise<string>): Promise<StagingCopy> {
  const sandbox = await sharedSandbox();
  const environment = await sandbox.environment();
  await environment.engine.ensureUp();
  return { environment, cwd: await copy(await sandbox.scratch("program")) };
}
