import { RBAC_GROUP } from "../../lib/kubernetes/role-binding.js";
import { placeOf } from "./audited-cluster.js";
import { type ControllerName, defaultAccount, type FluxController } from "./flux-controllers.js";
import { type Account, type AskedRight, accountKeys, accountOf, type Grant, permits, subjectKey } from "./grants.js";

/** A holder of rights: an account, or a person or group. */
export interface Holder {
  /** `payments/reconciler` */
  readonly text: string;
  /** Keys of the subjects that it is. */
  readonly keys: readonly string[];
}

/** The way from a holder to the whole cluster. */
export interface Escalation {
  /** One sentence for each step. */
  readonly steps: readonly string[];
  /** The grant of the last step. */
  readonly last: Grant;
}

const writing = ["create", "update", "patch"] as const;
const of = (group: string, resource: string, ...verbs: readonly string[]): AskedRight => ({ group, resource, verbs });

/** Rights in the whole cluster that are as good as all rights. Each needs all of its parts. */
const goals: readonly { readonly text: string; readonly rights: readonly AskedRight[] }[] = [
  { text: "do everything", rights: [of("*", "*", "*")] },
  {
    text: "bind cluster-admin to any account",
    rights: [
      { ...of(RBAC_GROUP, "clusterroles", "bind"), name: "cluster-admin" },
      of(RBAC_GROUP, "clusterrolebindings", "create"),
    ],
  },
  {
    text: "widen any ClusterRole",
    rights: [of(RBAC_GROUP, "clusterroles", "escalate"), of(RBAC_GROUP, "clusterroles", "update", "patch")],
  },
  { text: "act as any user and group", rights: [of("", "users", "impersonate"), of("", "groups", "impersonate")] },
  { text: "read the Secrets of every namespace", rights: [of("", "secrets", "get", "list", "watch")] },
];

/** Rights by which a holder acts as any account of the namespace in which they hold. */
const takeovers: readonly AskedRight[] = [
  of("", "serviceaccounts", "impersonate"),
  of("", "serviceaccounts/token", "create"),
  of("", "pods", "create"),
  of("", "pods/exec", "create", "get"),
  ...["deployments", "statefulsets", "daemonsets", "replicasets"].map((resource) => of("apps", resource, ...writing)),
  of("", "replicationcontrollers", ...writing),
  ...["jobs", "cronjobs"].map((resource) => of("batch", resource, ...writing)),
];

/** Rights by which a holder has Flux apply anything, as any account of the namespace. */
const applied: readonly { readonly right: AskedRight; readonly controller: ControllerName }[] = [
  { right: of("kustomize.toolkit.fluxcd.io", "kustomizations", ...writing), controller: "kustomize-controller" },
  { right: of("helm.toolkit.fluxcd.io", "helmreleases", ...writing), controller: "helm-controller" },
];

/** An account as a holder. */
export function accountHolder(account: Account): Holder {
  return { text: placeOf(account), keys: accountKeys(account) };
}

/**
 * Searches the shortest way from a holder to the whole cluster, by the rights of RBAC and the flags of Flux's controllers.
 * Admission policies, which may refuse a step, are not evaluated.
 */
export class EscalationSearch {
  readonly #controllers: readonly FluxController[];
  readonly #grants = new Map<string, Grant[]>();
  readonly #accounts = new Map<string, Account[]>();
  readonly #found = new Map<string, Escalation | undefined>();

  constructor(grants: readonly Grant[], controllers: readonly FluxController[]) {
    this.#controllers = controllers;
    for (const grant of grants) {
      for (const subject of grant.subjects) {
        const key = subjectKey(subject);
        this.#grants.set(key, [...(this.#grants.get(key) ?? []), grant]);
        const account = accountOf(subject);
        if (account !== undefined) this.#addAccount(account);
      }
    }
  }

  /** The shortest way. Undefined when there is none. */
  find(start: Holder): Escalation | undefined {
    if (!this.#found.has(start.text)) this.#found.set(start.text, this.#search(start));
    return this.#found.get(start.text);
  }

  #addAccount(account: Account): void {
    const known = this.#accounts.get(account.namespace) ?? [];
    if (known.some(({ name }) => name === account.name)) return;
    this.#accounts.set(account.namespace, [...known, account]);
  }

  #search(start: Holder): Escalation | undefined {
    const queue: { readonly holder: Holder; readonly steps: readonly string[] }[] = [{ holder: start, steps: [] }];
    const seen = new Set([start.text]);
    for (const { holder, steps } of queue) {
      const goal = this.#goalOf(holder);
      if (goal !== undefined) return { steps: [...steps, goal.text], last: goal.grant };
      for (const move of this.#movesOf(holder)) {
        if (seen.has(move.holder.text)) continue;
        seen.add(move.holder.text);
        queue.push({ holder: move.holder, steps: [...steps, move.text] });
      }
    }
    return undefined;
  }

  #grantsOf({ keys }: Holder): Grant[] {
    return keys.flatMap((key) => this.#grants.get(key) ?? []);
  }

  #goalOf(holder: Holder): { readonly text: string; readonly grant: Grant } | undefined {
    const wide = this.#grantsOf(holder).filter(({ namespace }) => namespace === undefined);
    for (const { text, rights } of goals) {
      const by = rights.map((right) => wide.find(({ rules }) => rules.some((rule) => permits(rule, right))));
      const [grant] = by;
      if (grant === undefined || by.includes(undefined)) continue;
      const sources = [...new Set(by.map((one) => (one === undefined ? "" : grantText(one))))].join(", ");
      return { text: `${holder.text} may ${text} (${sources})`, grant };
    }
    return undefined;
  }

  *#movesOf(holder: Holder): Generator<{ readonly holder: Holder; readonly text: string }> {
    for (const grant of this.#grantsOf(holder)) {
      const { namespace, rules } = grant;
      const may = (right: AskedRight) => rules.some((rule) => permits(rule, right));
      const place = namespace === undefined ? "every namespace" : namespace;
      const way = (right: AskedRight) =>
        `${holder.text} may ${right.verbs[0]} ${right.resource} in ${place} (${grantText(grant)})`;
      for (const { right, controller } of applied.filter((one) => may(one.right))) {
        for (const account of this.#unlocked(controller)) {
          const text = `${way(right)}; one without a service account is applied as ${placeOf(account)}`;
          yield { holder: accountHolder(account), text };
        }
      }
      const takeover = [...takeovers, ...applied.map(({ right }) => right)].find(may);
      if (takeover === undefined) continue;
      for (const account of this.#accountsIn(namespace)) {
        yield { holder: accountHolder(account), text: `${way(takeover)}, so it acts as ${placeOf(account)}` };
      }
    }
  }

  /** The accounts of the controllers of a name, where a sync without a service account is applied with their rights. */
  #unlocked(controller: ControllerName): Account[] {
    if (defaultAccount(this.#controllers, controller) !== undefined) return [];
    const own = this.#controllers.filter(({ component }) => component === controller);
    return own.map(({ namespace, account }) => ({ namespace, name: account }));
  }

  #accountsIn(namespace: string | undefined): Account[] {
    return namespace === undefined ? [...this.#accounts.values()].flat() : (this.#accounts.get(namespace) ?? []);
  }
}

function grantText({ binding, role }: Grant): string {
  return `${binding.kind} ${placeOf(binding.object.metadata)}: ${role}`;
}
