import { nameOf, type RecordedResource } from "../state.js";

/** OpenTofu's types, by Pulumi's. */
const types: Readonly<Record<string, string>> = {
  "github:index/branchDefault:BranchDefault": "github_branch_default",
  "github:index/repository:Repository": "github_repository",
  "github:index/repositoryDeployKey:RepositoryDeployKey": "github_repository_deploy_key",
  "github:index/repositoryFile:RepositoryFile": "github_repository_file",
  "github:index/repositoryRuleset:RepositoryRuleset": "github_repository_ruleset",
  "tls:index/privateKey:PrivateKey": "tls_private_key",
};

/** A resource of the program, and its place in OpenTofu's configuration. */
export interface Placed {
  readonly resource: RecordedResource;
  /** OpenTofu's type: `github_repository`. */
  readonly type: string;
  /** Name of the block, unique for its type. */
  readonly name: string;
  /** `TYPE.NAME`, as references name it. */
  readonly address: string;
}

/**
 * Every resource that a provider creates, with its address, in the order of the state. Components and providers are no
 * resources of OpenTofu.
 * @throws Error for a type without a counterpart, because OpenTofu would then do less than the program
 */
export function placed(resources: readonly RecordedResource[]): Placed[] {
  const taken = new Set<string>();
  return resources
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
    .map((resource) => {
      const type = typeOf(resource);
      const name = freeName(type, nameOf(resource), taken);
      return { resource, type, name, address: `${type}.${name}` };
    });
}

function typeOf({ type, urn }: RecordedResource): string {
  if (type.startsWith("kubernetes:")) return "kubectl_manifest";
  const known = types[type];
  if (known === undefined) {
    throw new Error(`The benchmark knows no counterpart of ${urn} for OpenTofu: add ${type} to test/bench/peer.`);
  }
  return known;
}

/** OpenTofu's names hold letters, digits, `-` and `_`, and begin with no digit. */
function freeName(type: string, pulumiName: string, taken: Set<string>): string {
  const plain = pulumiName.replace(/[^A-Za-z0-9_-]/g, "_").replace(/^(?=[^A-Za-z_])/, "_");
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? plain : `${plain}_${count}`;
    if (taken.has(`${type}.${name}`)) continue;
    taken.add(`${type}.${name}`);
    return name;
  }
}
