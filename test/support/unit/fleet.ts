import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Fleet } from "../../../components/fleet.js";
import type { FleetArgs } from "../../../components/fleet-args.js";
import { readFolder } from "../../../config/files/read-folder.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { harden } from "../../../flux/harden/harden.js";
import type { ExistingGitHub, ExistingRepository } from "../../../lib/github/existing.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { noRepairs } from "../../../lib/state/repairs.js";
import { emptyState } from "../../../lib/state/stack-state.js";
import { fixtures } from "../fixtures.js";
import { fluxManifest, lockOf } from "./flux-manifest.js";
import { type Recording, record } from "./recorder.js";

/** The checkout. */
export const root = join(import.meta.dirname, "..", "..", "..");

/** GitHub without any object. */
const nothingOnGitHub: ExistingGitHub = {
  repositories: new Map(),
  teams: new Map(),
  rulesetsToImport: new Map(),
  platformFiles: new Set(),
};

type SecretMap = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The providers' outputs that the program reads. */
export async function recordFleet(
  spec: FleetSpec,
  {
    fluxObjects = hardenedMadeUpFlux(spec),
    platformSeed = readFolder(fixtures, "fleet"),
    secrets = {},
    commonSecrets = {},
    pullSecrets = {},
    gitTokens = {},
    state = emptyState,
    handedOver = [],
    leaving = [],
    repairs = noRepairs,
    only,
    ...existing
  }: Partial<ExistingGitHub & Pick<FleetArgs, "state" | "handedOver" | "leaving" | "repairs" | "only">> & {
    readonly fluxObjects?: readonly KubernetesObject[];
    /** Files that a new platform repository starts with. @default those of the fixtures */
    readonly platformSeed?: Readonly<Record<string, string>>;
    /** Values of tenants' secrets, by tenant and name. @default none */
    readonly secrets?: SecretMap;
    /** Values of common Secrets, by object and key. @default none */
    readonly commonSecrets?: SecretMap;
    /** Values of the stack's pull Secrets, by credential and field. @default none */
    readonly pullSecrets?: SecretMap;
    /** Values of tokens for clones, by owner and use. @default none */
    readonly gitTokens?: SecretMap;
  } = {},
): Promise<Recording<Fleet>> {
  return await record(
    () =>
      new Fleet("fleet", {
        spec,
        fluxObjects,
        existing: { ...nothingOnGitHub, ...existing },
        state,
        handedOver,
        leaving,
        repairs,
        only,
        platformSeed,
        secrets: pulumi.secret(secrets),
        commonSecrets: pulumi.secret(commonSecrets),
        pullSecrets: pulumi.secret(pullSecrets),
        gitTokens: pulumi.secret(gitTokens),
      }),
    {
      stack: spec.stack,
      outputs: ({ type, inputs }) => {
        if (type === "github:index/repository:Repository") {
          const path = `${spec.github.owner}/${inputs.name}`;
          const urls = { sshCloneUrl: `git@github.com:${path}.git`, htmlUrl: `https://github.com/${path}` };
          return { ...urls, nodeId: `id of ${inputs.name}` };
        }
        if (type === "tls:index/privateKey:PrivateKey") {
          return {
            privateKeyOpenssh: "made-up private key",
            publicKeyOpenssh: "ssh-ed25519 AAAA\n",
            publicKeyFingerprintSha256: "SHA256:made-up",
          };
        }
        return {};
      },
      call: () => ({ keys: ["ssh-ed25519 BBBB"], id: "keys" }),
    },
  );
}

/** The made-up release, hardened for a stack. */
export function hardenedMadeUpFlux(spec: FleetSpec): readonly KubernetesObject[] {
  return harden(fluxManifest(), { settings: spec.flux, lock: lockOf(), stack: spec.stack });
}

/** A repository of ours, as GitHub lists it. */
export function ownRepository(name: string): [string, ExistingRepository] {
  return repositoryOf("acme", name);
}

/** A repository of an organisation that is managed by the program, as GitHub lists it. */
export function repositoryOf(owner: string, name: string): [string, ExistingRepository] {
  return [
    name.toLowerCase(),
    {
      name,
      sshUrl: `git@github.com:${owner}/${name}.git`,
      htmlUrl: `https://github.com/${owner}/${name}`,
      topics: ["managed-by-fleet"],
      archived: false,
    },
  ];
}

/** A file of the checkout as JSON. */
export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}
