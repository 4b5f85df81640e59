import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * The page of a list that a request asks for by `page` and `per_page` (30, at most 100), with the `Link` header that
 * leads to the others.
 * @see https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export function page<Item>(request: FastifyRequest, reply: FastifyReply, items: readonly Item[]): Item[] {
  const url = new URL(request.originalUrl, `http://${request.host}`);
  const size = Math.min(number(url, "per_page", 30), 100);
  const current = number(url, "page", 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const targets: [string, number][] = [];
  if (current > 1) targets.push(["prev", Math.min(current - 1, last)], ["first", 1]);
  if (current < last) targets.push(["next", current + 1], ["last", last]);
  if (targets.length > 0) {
    const links = targets.map(([relation, target]) => {
      url.searchParams.set("page", String(target));
      return `<${url.href}>; rel="${relation}"`;
    });
    reply.header("link", links.join(", "));
  }
  return items.slice((current - 1) * size, current * size);
}

function number(url: URL, name: string, fallback: number): number {
  const value = Number(url.searchParams.get(name) ?? fallback);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}
