import type { Problem } from "../../../lib/diagnostics/problem.js";
import { PLATFORM_TOKEN } from "../../stack/git-tokens.js";
import { setSecretCommand } from "../../stack/secrets.js";
import { having, otherName, type TenantCheck } from "../declared-tenant.js";

/**
 * The tokens of a stack that belong to no tenant, or whose second one has no use or is missing. A tenant that clones by
 * HTTPS has no key, so its image automation needs a token as well.
 */
export const gitTokenProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { gitTokens = {} } = settings.sound;
  const file = `Pulumi.${stack}.yaml`;
  const remove = (place: string) => `Remove it: pulumi config rm --stack ${stack} --path fleet:gitTokens.${place}`;
  const problem = (place: string, message: string, fix: string): Problem => {
    return { file, path: `fleet:gitTokens.${place}`, message, fix };
  };
  const names = tenants.map(({ name }) => name);
  const known = having(tenants, "imageAutomation");
  return Object.entries(gitTokens).flatMap(([name, { write }]) => {
    if (name === PLATFORM_TOKEN) {
      const isTenant = names.includes(name);
      const unused = problem(`${name}.write`, "may push to the platform's repository, and nothing pushes there", "");
      return [
        ...(isTenant ? [problem(name, "is for the platform's repository, and a tenant has that name", rename)] : []),
        ...(write === undefined ? [] : [{ ...unused, fix: remove(`${name}.write`) }]),
      ];
    }
    if (!names.includes(name)) {
      const message = `there is no tenant ${name} on this stack`;
      return [problem(name, message, otherName(name, [PLATFORM_TOKEN, ...names], remove(name)))];
    }
    const tenant = known.find((one) => one.name === name);
    if (tenant === undefined) return [];
    const pushes = tenant.spec.imageAutomation !== undefined;
    if (pushes && write === undefined) {
      const message = `has no write, with which image automation pushes to the repository of ${name}`;
      return [problem(name, message, `Set it: ${setSecretCommand(stack, `gitTokens.${name}.write`)}`)];
    }
    if (pushes || write === undefined) return [];
    return [problem(`${name}.write`, `may push, and ${name} has no imageAutomation`, remove(`${name}.write`))];
  });
};

const rename = "Give the tenant another name, or clone the platform's repository by SSH";
