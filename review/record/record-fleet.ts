import * as pulumi from "@pulumi/pulumi";
import { Fleet } from "../../components/fleet.js";
import type { FleetArgs } from "../../components/fleet-args.js";
import type { FleetSpec } from "../../config/fleet-spec.js";
import type { ExistingGitHub } from "../../lib/github/existing.js";
import { keyDatesIn } from "../../lib/state/key-dates.js";
import { noRepairs } from "../../lib/state/repairs.js";
import { emptyState } from "../../lib/state/stack-state.js";
import { MADE_UP_KEY } from "../planned-resource.js";
import { assumedRepository, type KnownGitHub, onGitHubCom } from "./assumed-github.js";
import { type Recording, record } from "./recorder.js";

/** Values of secrets by owner and name: by tenant, by object, or by credential. */
export type SecretMap = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The arguments of a fleet beside its spec, and the world that it meets. */
export interface RecordFleetArgs
  extends Partial<
      ExistingGitHub & Pick<FleetArgs, "state" | "handedOver" | "leaving" | "repairs" | "only" | "leftOut">
    >,
    Pick<FleetArgs, "fluxObjects" | "platformSeed" | "usesApp"> {
  /** The organisation on GitHub. @default - that of the spec, on github.com */
  readonly known?: KnownGitHub | undefined;
  /** Time of the update, in milliseconds since 1970. @default - made up, so that two records of one stack are equal */
  readonly now?: number;
  /** Values of tenants' secrets, by tenant and name. @default none */
  readonly secrets?: SecretMap;
  /** Values of common Secrets, by object and key. @default none */
  readonly commonSecrets?: SecretMap;
  /** Values of the stack's pull Secrets, by credential and field. @default none */
  readonly pullSecrets?: SecretMap;
  /** Values of tokens for clones, by owner and use. @default none */
  readonly gitTokens?: SecretMap;
}

/** GitHub without any object. */
const nothingOnGitHub: ExistingGitHub = {
  repositories: new Map(),
  teams: new Map(),
  rulesetsToImport: new Map(),
  platformFiles: new Set(),
};

/** Records the registrations of a fleet. Providers' outputs that the program reads are made up. */
export async function recordFleet(spec: FleetSpec, args: RecordFleetArgs): Promise<Recording<Fleet>> {
  const {
    fluxObjects,
    platformSeed,
    secrets = {},
    commonSecrets = {},
    pullSecrets = {},
    gitTokens = {},
    now = 0,
    known = onGitHubCom(spec.github.owner),
    ...further
  } = args;
  const {
    state = emptyState,
    handedOver = [],
    leaving = [],
    repairs = noRepairs,
    only,
    leftOut,
    usesApp = false,
    ...existing
  } = further;
  const program = () =>
    new Fleet("fleet", {
      spec,
      fluxObjects,
      existing: { ...nothingOnGitHub, ...existing },
      state,
      keyDates: keyDatesIn({}, now),
      handedOver,
      leaving,
      repairs,
      only,
      leftOut,
      platformSeed,
      usesApp,
      secrets: pulumi.secret(secrets),
      commonSecrets: pulumi.secret(commonSecrets),
      pullSecrets: pulumi.secret(pullSecrets),
      gitTokens: pulumi.secret(gitTokens),
    });
  return await record(program, {
    stack: spec.stack,
    outputs: (resource) => outputsOf(known, resource),
    call: () => ({ keys: ["ssh-ed25519 BBBB"], id: "keys" }),
  });
}

/** The outputs that the program reads, beside a resource's inputs. */
function outputsOf(known: KnownGitHub, { type, inputs }: pulumi.runtime.MockResourceArgs) {
  if (type === "github:index/repository:Repository") {
    const [, { sshUrl, htmlUrl }] = assumedRepository(known, String(inputs.name));
    return { sshCloneUrl: sshUrl, htmlUrl, nodeId: `id of ${inputs.name}` };
  }
  if (type === "tls:index/privateKey:PrivateKey") {
    return {
      privateKeyOpenssh: "made-up private key",
      publicKeyOpenssh: `${MADE_UP_KEY}\n`,
      publicKeyFingerprintSha256: "SHA256:made-up",
    };
  }
  return {};
}
