/** Where the emulator can be reached; every address in its answers comes from here. */
export class Urls {
  readonly #ports: { readonly http: number; readonly ssh: number };
  readonly #owner: string;

  /** @param ports looked at whenever an address is made, because they are known only when both servers listen */
  constructor(args: { ports: { readonly http: number; readonly ssh: number }; owner: string }) {
    this.#ports = args.ports;
    this.#owner = args.owner;
  }

  /** The emulator's root, with a slash at its end. */
  get root(): string {
    return `http://127.0.0.1:${this.#ports.http}/`;
  }

  /** An address of the REST API. @param path without leading slash */
  api(path: string): string {
    return `${this.root}api/v3/${path}`;
  }

  /** A page for people; nothing is served there but Git. @param path without leading slash */
  page(path: string): string {
    return `${this.root}${path}`;
  }

  /** A repository's address in the REST API. */
  repository(name: string): string {
    return this.api(`repos/${this.#owner}/${name}`);
  }

  /** A repository's clone URL for HTTP. */
  clone(name: string): string {
    return `${this.root}${this.#owner}/${name}.git`;
  }

  /** A repository's clone URL for SSH. GitHub's short form has no place for a port. */
  ssh(name: string): string {
    return `ssh://git@127.0.0.1:${this.#ports.ssh}/${this.#owner}/${name}.git`;
  }

  /** GitHub's address for the protocol without authentication, which GitHub no longer serves and this does not either. */
  git(name: string): string {
    return `git://127.0.0.1/${this.#owner}/${name}.git`;
  }
}

/** GitHub's global id of an object. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`0:${kind}${id}`).toString("base64").replaceAll("=", "");
}
