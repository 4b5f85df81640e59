import { z } from "zod";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { objectList } from "../../lib/kubernetes/object-forms.js";
import { acceptOf, type Representation } from "../../preflight/api-server.js";
import type { ApiAnswer, Sender } from "./api-client.js";
import { foreignAnswer } from "./cluster-error.js";

/** Objects of one answer, as kubectl asks for. */
const pageSize = 500;

/**
 * Pages of one list. An etcd of the recommended size holds fewer objects than these pages, so a server that sends more
 * makes them up.
 */
const mostPages = 2_000;

/** All objects of a list, or why they are unknown: an answer of another status than 200, or a fault of an answer. */
export type Pages =
  | { readonly items: readonly LiveObject[] }
  | { readonly refusal: ApiAnswer }
  | { readonly fault: string };

/**
 * All objects of a list, in pages of 500. Pages expire with the etcd revision that they are from, after 5 min by default.
 * The list is then read again, in one answer, as Kubernetes' own clients do.
 * @param path of the list, with its selectors
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 * @see https://pkg.go.dev/k8s.io/client-go/tools/pager#ListPager
 * @throws ClusterError without an answer, and for refused credentials
 */
export async function readPages(client: Sender, path: string, representation?: Representation): Promise<Pages> {
  const ask = (query: Readonly<Record<string, string>>) => {
    const parameters = new URLSearchParams(query).toString();
    const separator = parameters === "" ? "" : path.includes("?") ? "&" : "?";
    return client.send({ path: `${path}${separator}${parameters}`, headers: acceptOf(representation) });
  };
  const paged = await readFrom(ask, { limit: String(pageSize) });
  const isExpired = "refusal" in paged && paged.refusal.status === 410 && paged.begun;
  return isExpired ? await readFrom(ask, {}) : paged;
}

type Ask = (query: Readonly<Record<string, string>>) => Promise<ApiAnswer>;
/** `begun`: a page came before the refusal. */
type Begun = Pages & { readonly begun: boolean };

const page = z.object({ metadata: z.object({ continue: z.string().default("") }).default({ continue: "" }) });

async function readFrom(ask: Ask, limit: Readonly<Record<string, string>>): Promise<Begun> {
  const items: LiveObject[] = [];
  const followed = new Set<string>();
  for (let next = ""; ; ) {
    const begun = next !== "";
    const answer = await ask({ ...limit, ...(begun && { continue: next }) });
    // A list that exists has further pages. Without them it is not empty.
    if (answer.status === 404 && begun) return { fault: "a further page was not found", begun };
    if (answer.status !== 200) return { refusal: answer, begun };
    const [list, following] = [objectList.safeParse(answer.body), page.safeParse(answer.body)];
    if (!list.success || !following.success) return { fault: foreignAnswer, begun };
    for (const item of list.data.items) items.push(item);
    const { continue: token } = following.data.metadata;
    if (token === "") return { items, begun };
    if (followed.has(token) || followed.size === mostPages) return { fault: "the pages have no end", begun };
    followed.add(token);
    next = token;
  }
}
