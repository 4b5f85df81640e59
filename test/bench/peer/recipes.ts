import { join } from "node:path";
import type { GoRecipe } from "@fleet/sandbox/toolchain/recipes";

/** Folder of the Go modules that pin the parts. */
export const partsFolder = join(import.meta.dirname, "parts");

/** OpenTofu's names of processors, by Node's. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64" };

/** A provider of OpenTofu. */
interface Provider {
  /** Address without the registry: `hashicorp/tls`. */
  readonly source: string;
  /** Version of its release. */
  readonly version: string;
  /** Version of its Go module, of the commit of that release. @default - the version of the release */
  readonly commit?: string;
  readonly package: string;
  readonly coldSeconds: number;
}

/** The providers, by their names in the configuration. */
const providers: Readonly<Record<"github" | "kubectl" | "tls", Provider>> = {
  github: {
    source: "integrations/github",
    version: "v6.13.0",
    package: "github.com/integrations/terraform-provider-github/v6",
    coldSeconds: 20,
  },
  kubectl: {
    source: "gavinbunney/kubectl",
    version: "v1.19.0",
    package: "github.com/gavinbunney/terraform-provider-kubectl",
    coldSeconds: 60,
  },
  tls: {
    source: "hashicorp/tls",
    version: "v4.2.1",
    commit: "v1.2.1-0.20260130152455-857b38cda3fc",
    package: "github.com/hashicorp/terraform-provider-tls",
    coldSeconds: 10,
  },
};

/** The providers as a configuration requires them. */
export const requiredProviders = Object.fromEntries(
  Object.entries(providers).map(([name, { source, version }]) => [name, { source, version: version.slice(1) }]),
);

/** The parts of the benchmark, which nothing else builds. */
export const recipes: readonly GoRecipe[] = [
  {
    kind: "go",
    name: "tofu",
    version: "v1.12.6",
    module: "opentofu",
    package: "github.com/opentofu/opentofu/cmd/tofu",
    // Upstream's releases are built so; a development build warns with each command.
    variables: { "github.com/opentofu/opentofu/version.dev": "no" },
    output: "bin/tofu",
    coldSeconds: 240,
  },
  ...Object.entries(providers).map(
    ([name, { source, version, commit, package: path, coldSeconds }]): GoRecipe => ({
      kind: "go",
      name: `terraform-provider-${name}`,
      version: commit ?? version,
      module: "opentofu-providers",
      package: path,
      output: mirrored(source, version.slice(1)),
      coldSeconds,
    }),
  ),
];

/**
 * Path of a provider in a file system mirror.
 * @see https://opentofu.org/docs/cli/config/config-file/#implied-local-mirror-directories
 */
function mirrored(source: string, version: string): string {
  const platform = `${process.platform}_${architectures[process.arch] ?? process.arch}`;
  const name = source.slice(source.indexOf("/") + 1);
  return `mirror/registry.opentofu.org/${source}/${version}/${platform}/terraform-provider-${name}`;
}
