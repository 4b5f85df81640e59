import { createHash } from "node:crypto";
import { stringify } from "yaml";

const host = "registry.example.com";

/** The digest of a text. */
export const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A registry and a repository of charts, in memory. They want a token, as public registries do. */
export class ChartRegistries {
  /** Addresses of all requests, in order. */
  readonly asked: string[] = [];
  /** Addresses that answer something else; beginnings of URLs. */
  readonly instead = new Map<string, () => Response>();
  readonly #manifests = new Map<string, string>();
  readonly #index: Record<string, { version: string; digest?: string }[]> = {};

  /** Publishes bytes under a tag. The digest keeps its old bytes, as in a registry. @returns the digest */
  push(name: string, tag: string, content: { readonly version?: string; readonly bytes?: string } = {}): string {
    const { version = tag, bytes = "1" } = content;
    const annotations = { "org.opencontainers.image.version": version };
    const manifest = JSON.stringify({ layers: [bytes], ...(version === "" ? {} : { annotations }) });
    for (const reference of [tag, digestOf(manifest)]) this.#manifests.set(`${name}:${reference}`, manifest);
    return digestOf(manifest);
  }

  /** Lists a version in the index of the repository `charts.example.com`. @returns the digest */
  list(name: string, version: string, digest = digestOf(`${name} ${version}`)): string {
    this.#index[name] = [
      ...(this.#index[name] ?? []).filter((one) => one.version !== version),
      { version, digest: digest.replace("sha256:", "") },
    ];
    return digest;
  }

  /** The replacement of the runtime's fetch. */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    const authorization = new Headers(init.headers).get("authorization");
    this.asked.push(url.href);
    for (const [beginning, answer] of this.instead) if (url.href.startsWith(beginning)) return answer();
    if (url.href.startsWith("https://auth.example.com/"))
      return Response.json({ token: url.searchParams.get("scope") });
    if (url.href === "https://charts.example.com/index.yaml") {
      return new Response(stringify({ apiVersion: "v1", entries: this.#index }));
    }
    const [, repository = "", reference = ""] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname) ?? [];
    if (url.host !== host || repository === "") return new Response(null, { status: 404 });
    if (authorization !== `Bearer repository:${repository}:pull`) {
      const challenge = 'Bearer realm="https://auth.example.com/token"';
      return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
    }
    const manifest = this.#manifests.get(`${repository}:${reference}`);
    if (manifest === undefined) return new Response(null, { status: 404 });
    return new Response(manifest, { headers: { "docker-content-digest": digestOf(manifest) } });
  };
}
