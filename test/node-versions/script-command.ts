import { parseCommandString } from "execa";

/** A command without a shell. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * The command of a script of package.json.
 * @throws Error when there is no such script, or when it needs a shell
 */
export function scriptCommand(name: string, scripts: Readonly<Record<string, string>>): Command {
  const script = scripts[name];
  if (script === undefined) throw new Error(`package.json has no script "${name}".`);
  const [file, ...args] = parseCommandString(script);
  if (file === undefined || /["'`\\$&|;<>()*?~]|^\w+=/.test(script)) {
    throw new Error(`The script "${name}" of package.json needs a shell, and is run here without one: ${script}`);
  }
  return { file, args };
}
