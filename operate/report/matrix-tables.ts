import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { isDeviation } from "../access/matrix.js";
import type { Proof, ReportedAccount, ReportedCell } from "./report.js";

/** The access matrix of one tenant's accounts. */
export interface MatrixTable {
  readonly tenant: string;
  /** Titles of the columns: places. */
  readonly places: readonly string[];
  readonly rows: readonly { readonly account: string; readonly cells: readonly PlaceCell[] }[];
}

/** The rights of one account in one place, with the proof of each. */
export interface PlaceCell {
  readonly summary: string;
  readonly isDeviation: boolean;
  readonly rights: readonly RightProof[];
}

/** One right of one account in one place. */
export interface RightProof {
  readonly right: string;
  readonly expected: string;
  readonly found: string;
  readonly isDeviation: boolean;
  /** The answers that prove it, each as a clause. */
  readonly proofs: readonly string[];
}

/** A column: namespaces that stand for one another, or the whole cluster. */
interface Place {
  readonly title: string;
  /** @default - the whole cluster */
  readonly namespaces?: readonly string[];
  readonly isOwn: boolean;
}

/**
 * The access matrix, one table for each tenant. Columns are the tenant's namespaces, those of the other tenants together,
 * Flux's, every further one in which an account has a right, and the whole cluster. So a page grows with the accounts.
 */
export function matrixTables(proof: Proof): MatrixTable[] {
  const tenants = [...new Set(proof.accounts.map(({ tenant }) => tenant))].sort();
  return tenants.map((tenant) => {
    const accounts = proof.accounts.filter((one) => one.tenant === tenant);
    const places = placesOf(proof, tenant, accounts);
    return {
      tenant,
      places: places.map(({ title }) => title),
      rows: accounts.map((one) => ({
        account: one.account,
        cells: places.map((place) => placeCell(proof, one, place)),
      })),
    };
  });
}

function placesOf(proof: Proof, tenant: string, accounts: readonly ReportedAccount[]): Place[] {
  const all = Object.entries(proof.namespaces).sort(([a], [b]) => (a < b ? -1 : 1));
  const own = all.filter(([, whose]) => whose === tenant).map(([name]) => name);
  const foreign = all.filter(([, whose]) => whose !== tenant).map(([name]) => name);
  const known = new Set([...own, ...foreign, FLUX_NAMESPACE]);
  const named = accounts.flatMap(({ cells }) => cells.flatMap(({ namespace }) => namespace ?? []));
  const further = [...new Set(named)].filter((name) => !known.has(name)).sort();
  const [only] = foreign;
  const others =
    only === undefined
      ? []
      : [{ title: foreign.length === 1 ? only : `${foreign.length} namespaces of other tenants`, namespaces: foreign }];
  return [
    ...own.map((name) => ({ title: `${name} (own)`, namespaces: [name], isOwn: true })),
    ...others.map((one) => ({ ...one, isOwn: false })),
    ...[FLUX_NAMESPACE, ...further].map((name) => ({ title: name, namespaces: [name], isOwn: false })),
    { title: "whole cluster", isOwn: false },
  ];
}

function placeCell(proof: Proof, { cells }: ReportedAccount, place: Place): PlaceCell {
  const within = cells.filter(({ namespace }) => {
    // A right in the whole cluster holds in each namespace.
    return namespace === undefined || place.namespaces?.includes(namespace) === true;
  });
  const rights = proof.rights.map((right) =>
    rightProof(
      right,
      within.filter((one) => one.right === right),
      { proof, place },
    ),
  );
  const given = rights.filter(({ found }) => found.startsWith("allowed")).length;
  const deviating = rights.filter((one) => one.isDeviation).length;
  const total = rights.length;
  const summary =
    deviating > 0 ? `${deviating} of ${total} differ` : given === 0 ? "no right" : `${given} of ${total} allowed`;
  return { summary, isDeviation: deviating > 0, rights };
}

function rightProof(
  right: string,
  cells: readonly ReportedCell[],
  { proof, place }: { readonly proof: Proof; readonly place: Place },
): RightProof {
  // A review of the whole cluster that was denied says nothing of a single namespace.
  const relevant = cells.filter(({ namespace, found }) => found || namespace !== undefined || !place.namespaces);
  const found = relevant.filter((one) => one.found);
  const isExpected = relevant.some(({ expected }) => expected === true);
  const isTenants = !isExpected && place.isOwn && relevant.every(({ expected }) => expected === undefined);
  const several = (place.namespaces?.length ?? 0) > 1;
  const where = several ? [...new Set(found.map(({ namespace = "each" }) => namespace))].join(", ") : "";
  const proofs = [
    ...found.flatMap(({ bindings, namespace = "the whole cluster" }) =>
      bindings.map((binding) => `${binding} gives it in ${namespace}`),
    ),
    ...(found.some(({ bindings }) => bindings.length > 0) ? [] : [`none of ${proof.bindings} bindings gives it`]),
    ...relevant.flatMap((one) => reviewText(one, proof.at)),
  ];
  return {
    right,
    expected: isTenants ? "the tenant decides" : isExpected ? "allowed" : "denied",
    found: found.length === 0 ? "denied" : where === "" ? "allowed" : `allowed in ${where}`,
    isDeviation: relevant.some(isDeviation),
    proofs,
  };
}

function reviewText({ namespace, expected, review }: ReportedCell, at: string): string[] {
  if (review === undefined) return [];
  const place = namespace === undefined ? "the whole cluster" : namespace;
  const [wanted, answer] = [expected, review].map((is) => (is ? "allowed" : "denied"));
  return [`SubjectAccessReview about ${place} at ${at}: expected ${wanted}, answered ${answer}`];
}
