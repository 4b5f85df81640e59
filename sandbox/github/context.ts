import type { BareRepository } from "./git/bare-repository.js";
import type { Signature } from "./git/commit.js";
import type { PackServices } from "./git/pack-services.js";
import type { Faults } from "./rest/faults.js";
import type { RequestLog } from "./rest/request-log.js";
import type { TokenScopes } from "./rest/token-scopes.js";
import type { Urls } from "./rest/urls.js";
import type { Catalogue } from "./state/catalogue.js";
import type { RepositoryRecord } from "./state/records.js";
import type { RepositoryStore } from "./state/repository-store.js";
import type { HostKeys } from "./transport/host-keys.js";
import type { Webhooks } from "./webhooks/webhooks.js";

/** The dependencies that the routes and the SSH server share. */
export interface Emulator {
  /** The organisation's login. */
  readonly owner: string;
  readonly token: string;
  /** Whether it is a GitHub Enterprise Server. */
  readonly enterpriseServer: boolean;
  readonly urls: Urls;
  readonly catalogue: Catalogue;
  readonly repositories: RepositoryStore;
  readonly packs: PackServices;
  readonly webhooks: Webhooks;
  readonly hostKeys: HostKeys;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly scopes: TokenScopes;
  /** Resolves when the present state is on disk. */
  save(): Promise<void>;
}

/** The bare repository of a record. */
export function bare(emulator: Emulator, repository: RepositoryRecord): BareRepository {
  return emulator.repositories.open(repository.name);
}

/** The token's user as author of a commit, at the present time. */
export function ownerSignature({ catalogue }: Emulator): Signature {
  return { name: catalogue.admin.login, email: catalogue.admin.email, date: catalogue.now() };
}
