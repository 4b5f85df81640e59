import { access, chmod, constants, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Git runs these for every push, over HTTP and SSH alike, from a directory outside all repositories, so nothing that
 * is pushed can change or skip them. File descriptor 3 leads to the emulator (see pack-service.ts); a hook that gets
 * no answer refuses.
 */
const hooks: Readonly<Record<string, string>> = {
  "pre-receive": `#!/bin/sh
# Tells the emulator what is about to change and does what it decides.
{
  printf 'objects %s\\n' "$GIT_OBJECT_DIRECTORY"
  printf 'alternates %s\\n' "$GIT_ALTERNATE_OBJECT_DIRECTORIES"
  while read -r before after ref; do
    printf 'update %s %s %s\\n' "$before" "$after" "$ref"
  done
  printf 'decide\\n'
} >&3 || exit 1
while IFS= read -r line <&3; do
  case "$line" in
    accept) exit 0 ;;
    refuse) exit 1 ;;
    *) printf '%s\\n' "\${line#message }" >&2 ;;
  esac
done
echo 'The GitHub emulator went away before it decided about this push.' >&2
exit 1
`,
  "post-receive": `#!/bin/sh
# Tells the emulator what has changed.
while read -r before after ref; do
  printf 'applied %s %s %s\\n' "$before" "$after" "$ref"
done >&3
`,
};

/**
 * Writes the hooks.
 * @throws when they could not run from there: Git would skip them without a word, and no ruleset would hold
 */
export async function installPushHooks(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, script] of Object.entries(hooks)) {
    const path = join(directory, name);
    await writeFile(path, script);
    await chmod(path, 0o755);
    try {
      await access(path, constants.X_OK);
    } catch {
      throw new Error(`${path} cannot be executed; choose a state directory on a file system without "noexec".`);
    }
  }
}
