import * as pulumi from "@pulumi/pulumi";
import { TENANT_TEMPLATE_REPOSITORY } from "../../../config/names.js";
import { history } from "../../../policies/rulesets.js";
import type { FleetArgs } from "../../fleet-args.js";
import { ManagedRepository, type RepositoryIds, templateBranch } from "../../github/repository.js";
import { repositoryFiles } from "../../github/repository-files.js";
import { repositoryRulesets } from "../../github/rulesets.js";

/**
 * The template repository that tenants' repositories are generated from. A generated repository costs one request to
 * GitHub. The same files, committed one by one, would cost six requests each.
 */
export class TenantTemplate extends pulumi.ComponentResource {
  /** Resources that must exist before a repository is generated. */
  readonly dependencies: readonly pulumi.Resource[];
  readonly ids: RepositoryIds;

  constructor(name: string, { spec, existing, state }: FleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Template", name, {}, opts);
    const {
      repositoryName: repository,
      dependencies,
      ids,
      resource,
    } = new ManagedRepository(
      `${name}-repository`,
      {
        spec: { name: TENANT_TEMPLATE_REPOSITORY, visibility: "private", defaultBranch: templateBranch },
        description: "What every tenant's repository starts with",
        owned: true,
        existing: existing.repositories,
        state,
        isTemplate: true,
      },
      { parent: this },
    );
    const scaffold = {
      repository,
      branch: templateBranch,
      files: tenantScaffold(spec.stacks),
      owner: "program" as const,
    };
    const rulesets = spec.platform.repository.protected ? [history] : [];
    const rulesetArgs = { rulesets, repository, repositoryName: TENANT_TEMPLATE_REPOSITORY, state };
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    const toImport = existing.rulesetsToImport;
    repositoryRulesets(name, { ...rulesetArgs, toImport, deletedWith: resource }, afterRepository);
    const files = repositoryFiles(`${name}-file`, scaffold, afterRepository);
    this.dependencies = [...dependencies, ...files];
    this.ids = ids;
    this.registerOutputs({ repository });
  }
}

/**
 * The first files of a tenant's repository, path from its root → content: a base, and one overlay for each stack, so
 * that the first sync of every cluster becomes Ready. The base has a ConfigMap: Kustomize refuses an empty build.
 * @param stacks stacks that have an overlay folder, sorted
 */
export function tenantScaffold(stacks: readonly string[]): Readonly<Record<string, string>> {
  const overlays = stacks.map((stack) => [`deploy/${stack}/kustomization.yaml`, kustomization("../base")] as const);
  return {
    "README.md": readme(stacks),
    "deploy/base/kustomization.yaml": kustomization("welcome.yaml"),
    "deploy/base/welcome.yaml": welcome,
    ...Object.fromEntries(overlays),
  };
}

function kustomization(resource: string): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ${resource}\n`;
}

const welcome = `# Replace this by your own manifests; it only lets the first sync succeed.
apiVersion: v1
kind: ConfigMap
metadata:
  name: welcome
data:
  next: Commit manifests to deploy/base and list them in its kustomization.yaml.
`;

function readme(stacks: readonly string[]): string {
  const folders = stacks.map((stack) => `- \`deploy/${stack}\`: what runs on the cluster \`${stack}\`\n`).join("");
  return `# Deployments of this team

Flux applies what is on the default branch, in your own namespace and with your own rights.

- \`deploy/base\`: what runs everywhere
${folders}
A push is applied within a minute. What Flux says of it is in the status of your Kustomization:
\`kubectl get kustomizations -n NAMESPACE\`.
`;
}
