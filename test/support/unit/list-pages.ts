/** An answer of a fake API server: a status code, or JSON. */
export type ClusterAnswer = number | object;

/**
 * The page of a list that a query asks for, as a real API server cuts it. Other answers stay as they are.
 * @param isExpired whether further pages are refused
 */
export function pageOf(answer: ClusterAnswer, query: URLSearchParams, isExpired = false): ClusterAnswer {
  const begin = Number(query.get("continue") ?? 0);
  if (isExpired && begin > 0) return 410;
  if (typeof answer === "number" || !("items" in answer) || !Array.isArray(answer.items)) return answer;
  const limit = Number(query.get("limit") ?? 0);
  const end = limit > 0 ? begin + limit : answer.items.length;
  const metadata = end < answer.items.length ? { metadata: { continue: String(end) } } : {};
  return { ...answer, ...metadata, items: answer.items.slice(begin, end) };
}
