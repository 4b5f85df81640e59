import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { checkout } from "../../../cli/checkout.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { FluxObjects, isReady } from "../../support/e2e/flux-objects.js";
import { GitClone } from "../../support/e2e/git-clone.js";
import { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";

/** Parts of fleet/infrastructure/controllers that are off by default: release → namespace. */
export const optionalParts = {
  "envoy-gateway": "envoy-gateway-system",
  "external-secrets": "external-secrets",
  "metrics-server": "metrics-server",
} as const;
/** Every part of that folder. The two that are on by default run as real processes. */
export const allParts = { "cert-manager": "cert-manager", flagger: "flagger", ...optionalParts } as const;
/** The name of any part, of its folder and of its release. */
export type Part = keyof typeof allParts;
/** The name of one that is off by default. */
export type OptionalPart = keyof typeof optionalParts;
/** All of them. */
export const optionalPartNames = Object.keys(optionalParts) as OptionalPart[];
/** Folders of fleet/infrastructure/configuration. All are off by default. */
export const configurations = ["envoy-gateway", "flux-monitoring"] as const;

/** The folder of the test's own overlay, beside those of the stacks. */
const overlay = "fleet/infrastructure/kwok";

/**
 * Values for parts whose pods are kwok's: no program answers in them. A webhook that fails closed would refuse each
 * SecretStore, and an API without a server would keep namespaces from being deleted.
 */
const kwokValues: Readonly<Partial<Record<OptionalPart, object>>> = {
  "external-secrets": { webhook: { create: false }, certController: { create: false } },
  "metrics-server": { apiService: { create: false } },
};

/** An object as kubectl prints it, as far as the cases read it. */
export interface LiveObject extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas?: number;
    readonly minAvailable?: number;
    readonly selector: { readonly matchExpressions: readonly { readonly values: readonly string[] }[] };
    readonly template: { readonly spec: LivePodSpec };
  };
  readonly status?: { readonly readyReplicas?: number };
}

interface LivePodSpec {
  readonly priorityClassName?: string;
  readonly containers: readonly {
    readonly ports?: readonly { readonly name: string }[];
    readonly resources?: { readonly requests?: object; readonly limits?: { readonly memory?: string } };
  }[];
}

/** The parts of an environment of `npm start` that the cases need. */
export interface Surroundings {
  /** A folder for the clone. */
  readonly folder: string;
  /** Variables of the environment of the stack staging, for programs that a test starts; with secrets. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The platform's repository, as a platform engineer changes it, and the cluster that follows it. */
export class PlatformParts {
  readonly flux: FluxObjects;

  private constructor(
    private readonly clone: GitClone,
    private readonly variables: Readonly<Record<string, string>>,
  ) {
    this.flux = new FluxObjects(new KubernetesClients(variables.KUBECONFIG ?? ""));
  }

  static async of({ folder, variables }: Surroundings): Promise<PlatformParts> {
    const directory = await mkdtemp(join(folder, "platform-"));
    return new PlatformParts(await GitClone.clone({ repository: "platform", variables, directory }), variables);
  }

  /** Runs kubectl as the administrator. @returns what it prints */
  async kubectl(args: readonly string[], input = ""): Promise<string> {
    return (await execa("kubectl", args, { env: this.variables, input })).stdout;
  }

  /** Objects of kinds. @param args which of them, as kubectl takes it */
  async list(kinds: string, ...args: readonly string[]): Promise<readonly LiveObject[]> {
    const { items } = JSON.parse(await this.kubectl(["get", kinds, "--output=json", ...args])) as {
      items: LiveObject[];
    };
    return items;
  }

  /** Replaces the platform's files by those of the checkout. The stack staging takes its controllers from the overlay. */
  async takeCheckout(): Promise<void> {
    const fleet = join(this.clone.directory, "fleet");
    await rm(fleet, { recursive: true });
    await cp(join(checkout, "fleet"), fleet, { recursive: true });
    const file = join(fleet, "clusters/staging/infrastructure.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("path: ./fleet/infrastructure/staging\n", `path: ./${overlay}\n`));
  }

  /** Has the cluster run the controllers as a stack has them, with values for kwok's pods. */
  async controllersOf(stack: "staging" | "prod-eu"): Promise<void> {
    const patches: { target: { kind: string; name?: string }; patch: string }[] = Object.entries(kwokValues).map(
      ([name, values]) => ({
        target: { kind: "HelmRelease", name },
        patch: stringify({
          apiVersion: "helm.toolkit.fluxcd.io/v2",
          kind: "HelmRelease",
          metadata: { name },
          spec: { values },
        }),
      }),
    );
    // The charts that the sandbox packages have digests of their own.
    const source = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "OCIRepository", metadata: { name: "every" } };
    patches.push({
      target: { kind: "OCIRepository" },
      patch: stringify({ ...source, spec: { ref: { digest: null } } }),
    });
    await this.clone.write({ [`${overlay}/kustomization.yaml`]: stringify({ resources: [`../${stack}`], patches }) });
  }

  /**
   * Adds a part to a list, or leaves it out, by its one line: with or without `# `.
   * @param list folder in fleet/infrastructure
   * @param part folder of the part, such as `controllers/metrics-server`
   * @throws when the list has no such line
   */
  async setPart(list: string, part: string, wanted: "in" | "out"): Promise<void> {
    const file = join(this.clone.directory, "fleet/infrastructure", list, "kustomization.yaml");
    const text = await readFile(file, "utf8");
    const line = new RegExp(`^  ${wanted === "in" ? "# " : ""}(- (?:\\.\\./)+${part})$`, "m");
    const changed = text.replace(line, wanted === "in" ? "  $1" : "  # $1");
    if (changed === text) throw new Error(`${file} has no line by which ${part} would be ${wanted}`);
    await writeFile(file, changed);
  }

  /** Commits, and waits until Flux has applied the commit: the controllers, their configuration, then the root. */
  async apply(message: string): Promise<void> {
    const commit = await this.clone.commitAndPush(message, {});
    const source = { kind: "GitRepository", namespace: "flux-system", name: "platform" } as const;
    await this.flux.reconcileNow(source);
    await this.flux.waitFor(source, ({ status }) => status?.artifact?.revision.endsWith(commit) === true);
    for (const name of ["infrastructure", "infrastructure-configuration", "platform"]) {
      const sync = { kind: "Kustomization", namespace: "flux-system", name } as const;
      await waitFor(() => this.flux.get(sync), { describe: () => `${name} exists` });
      await this.flux.reconcileNow(sync);
      await this.flux.waitFor(
        sync,
        (one) => isReady(one) && one.status?.lastAppliedRevision?.endsWith(commit) === true,
      );
    }
  }
}
