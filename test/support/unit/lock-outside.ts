import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { asYaml, fluxManifest } from "./flux-manifest.js";

/** The made-up version. */
export const version = "v9.9.9";
/** Where GitHub would have the made-up version. */
export const release = `https://github.com/fluxcd/flux2/releases/download/${version}/install.yaml`;

const registry = "registry.example.com";
const tokenService = `https://auth.${registry}/token`;
const store = "https://files.example.com/install.yaml";
const index = "application/vnd.oci.image.index.v1+json";

/** One request that was made. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
}

/** Address of a tag in the made-up registry: `source-controller`, `v1.0.1`. */
export function tagAddress(name: string, tag: string): string {
  return `https://${registry}/v2/flux/${name}/manifests/${tag}`;
}

/**
 * The releases and the registry, in memory, with the manners of the real ones: a release is a redirect to where the
 * file is kept; the registry wants a token for each repository even for what is public, hides the kind of image that
 * was not asked for behind 404, and says digests in the answer to HEAD.
 */
export class Outside {
  readonly asked: Asked[] = [];
  /** `source-controller:v1.0.1` → the registry's answer to a request with a token. */
  readonly tags = new Map<string, Record<string, string>>();
  /** Text of the release's file; without it, the release does not exist. */
  manifest: string | undefined;
  /** Addresses that answer something else; beginnings of URLs. */
  readonly instead = new Map<string, () => Response>();

  constructor(objects: readonly KubernetesObject[] = fluxManifest()) {
    this.manifest = asYaml(objects);
    for (const [position, image] of images(objects).entries()) {
      const digest = `sha256:${String(position).padStart(2, "0").repeat(32)}`;
      this.tags.set(image, { "docker-content-digest": digest, "content-type": index });
    }
  }

  /** The digest that the registry gives to a tag. */
  digest(image: string): string {
    return this.tags.get(image)?.["docker-content-digest"] ?? "none";
  }

  /** The replacement of the runtime's fetch. */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input));
    const headers = new Headers(init.headers);
    const method = init.method ?? "GET";
    this.asked.push({ method, url: url.href, authorization: headers.get("authorization") });
    for (const [beginning, answer] of this.instead) if (url.href.startsWith(beginning)) return answer();
    if (url.href === release && this.manifest !== undefined) return redirect(store);
    if (url.href === store) return new Response(this.manifest);
    if (url.href.startsWith(tokenService)) return token(url.searchParams);
    if (url.host === registry && method === "HEAD") return this.#tag(url, headers);
    return new Response("not here", { status: 404, statusText: "Not Found" });
  };

  #tag(url: URL, headers: Headers): Response {
    const [, repository = "", tag = ""] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname) ?? [];
    const scope = `repository:${repository}:pull`;
    if (headers.get("authorization") !== `Bearer token-for-${scope}`) {
      const challenge = `Bearer realm="${tokenService}",service="${registry}",scope="${scope}"`;
      return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
    }
    const found = this.tags.get(`${repository.replace("flux/", "")}:${tag}`);
    if (!found || !headers.get("accept")?.split(", ").includes(index)) return new Response(null, { status: 404 });
    return new Response(null, { headers: found });
  }
}

/** An answer that leads elsewhere. */
export function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

function token(asked: URLSearchParams): Response {
  if (asked.get("service") !== registry) return new Response(null, { status: 403, statusText: "Forbidden" });
  return Response.json({ token: `token-for-${asked.get("scope")}` });
}

/** `source-controller:v1.0.1` for each Deployment. */
function images(objects: readonly KubernetesObject[]): string[] {
  const found = JSON.stringify(objects).matchAll(/"image":"[^"]*\/([^"/]+)"/g);
  return [...found].map(([, image = ""]) => image);
}
