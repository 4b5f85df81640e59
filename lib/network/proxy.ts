import ipaddr from "ipaddr.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of a proxy by the protocol of the request. The first that is set counts. */
const proxyVariables: Readonly<Record<string, readonly string[]>> = {
  "http:": ["HTTP_PROXY", "http_proxy"],
  "https:": ["HTTPS_PROXY", "https_proxy"],
};

/** Names of all variables that hold the address of a proxy. */
export const PROXY_VARIABLES: readonly string[] = Object.values(proxyVariables).flat();

/** The default port of each protocol. */
const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * The proxy of requests to a URL, by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. The rules are those of Go, by which the
 * providers choose: there is never a proxy to this machine, and NO_PROXY may have networks and ports.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 * @returns undefined without a proxy
 * @throws TypeError when the variable is no URL, see {@link proxyUrl}
 */
export function proxyFor(target: string, environment: Environment): string | undefined {
  const url = new URL(target);
  const proxy = firstOf(environment, proxyVariables[url.protocol] ?? []);
  return proxy === undefined || bypassesProxy(url, environment) ? undefined : proxyUrl(proxy).href;
}

/** The URL of a proxy, which may be written without its protocol. @throws TypeError when it is no URL */
export function proxyUrl(proxy: string): URL {
  return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`);
}

function bypassesProxy(url: URL, environment: Environment): boolean {
  const host = withoutBrackets(url.hostname);
  const port = url.port || (defaultPorts[url.protocol] ?? "");
  const address = addressOf(host);
  if (host === "localhost" || address?.range() === "loopback") return true;
  const entries = (firstOf(environment, ["NO_PROXY", "no_proxy"]) ?? "").toLowerCase().split(",");
  return entries.map((entry) => entry.trim()).some((entry) => isExempt(entry, { host, port, address }));
}

interface Target {
  readonly host: string;
  readonly port: string;
  readonly address: ipaddr.IPv4 | ipaddr.IPv6 | undefined;
}

/** Whether an entry of NO_PROXY is about a target: `*`, a network, or an address or domain with or without a port. */
function isExempt(entry: string, { host, port, address }: Target): boolean {
  if (entry === "" || entry === "*") return entry === "*";
  if (ipaddr.isValidCIDR(entry)) {
    const [network, bits] = ipaddr.parseCIDR(entry);
    return address !== undefined && address.kind() === network.kind() && address.match(network, bits);
  }
  const { name = entry, port: ownPort } = /^(?<name>[^:]*|\[.*\]):(?<port>\d+)$/.exec(entry)?.groups ?? {};
  if (ownPort !== undefined && ownPort !== port) return false;
  const own = addressOf(withoutBrackets(name));
  if (own !== undefined) return own.toString() === address?.toString();
  // A leading dot, or *., stands for the subdomains alone.
  const domain = name.replace(/^\*\./, ".");
  if (domain === "") return false;
  return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

/** An IP address in one form: IPv4 addresses in IPv6 are IPv4 addresses. Undefined when the text is a name. */
function addressOf(host: string): Target["address"] {
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);
  return isAddress ? ipaddr.process(host) : undefined;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

function firstOf(environment: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
}
