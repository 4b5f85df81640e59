import { type Case, objectOf, type Place, type Spec } from "./cases.js";

const sourceRef = { kind: "GitRepository", name: "mine" };

/** Policy fleet-flux-source, where nothing is allowed beside the organisation. */
export function sourceCases(place: Place): Case[] {
  const source = "source.toolkit.fluxcd.io/v1";
  const git = (url: string, spec: Spec = {}) =>
    objectOf(place, source, "GitRepository", { interval: "1m", url, ...spec });
  const oci = (url: string, spec: Spec = {}) =>
    objectOf(place, source, "OCIRepository", { interval: "1m", url, ...spec });
  const helm = (url: string, spec: Spec = {}) =>
    objectOf(place, source, "HelmRepository", { interval: "1m", url, ...spec });
  const bucket = (endpoint: string, spec: Spec = {}) =>
    objectOf(place, source, "Bucket", { interval: "1m", bucketName: "mine", endpoint, ...spec });
  const { organisation } = place;
  const { host, hostname, username, pathname } = new URL(organisation);
  const server = `ssh://${username}@${host}`;
  const encrypted = /sources must be encrypted/;
  const atHost = /sources must be at an allowed host/;
  const owned = /sources at GitHub must belong to an allowed owner/;
  const identity = /a source without its own credentials would use the cloud identity of the platform's controller/;
  const secretive = /a Secret of a Bucket at gcp or azure can disclose the identity of the platform's controller/;
  const around = /submodules and proxies lead to hosts that are not allowed/;
  return [
    { title: "a GitRepository over http", object: git(`http://${host}${pathname}/app`), refused: encrypted },
    { title: "a HelmRepository over http", object: helm(`http://${host}${pathname}/charts`), refused: encrypted },
    {
      title: "an OCIRepository without TLS",
      object: oci(`oci://${host}${pathname}/app`, { insecure: true }),
      refused: encrypted,
    },
    {
      title: "a HelmRepository without TLS",
      object: helm(`oci://${host}${pathname}/app`, { type: "oci", insecure: true }),
      refused: encrypted,
    },
    { title: "a Bucket without TLS", object: bucket(host, { insecure: true }), refused: encrypted },
    { title: "a GitRepository elsewhere", object: git("https://git.example.com/acme/app"), refused: atHost },
    {
      title: "a host that only begins like GitHub's",
      object: git(`ssh://git@${hostname}.example.com${pathname}/app`),
      refused: atHost,
    },
    {
      title: "GitHub's host as a user name",
      object: git(`https://${hostname}@evil.example.com${pathname}/app`),
      refused: atHost,
    },
    { title: "another port of GitHub's host", object: git(`ssh://git@${hostname}:1${pathname}/app`), refused: atHost },
    {
      title: "a HelmRepository elsewhere",
      object: helm("oci://registry.example.com/acme", { type: "oci" }),
      refused: atHost,
    },
    { title: "an OCIRepository elsewhere", object: oci("oci://ghcr.io/acme/app"), refused: atHost },
    { title: "a Bucket elsewhere", object: bucket("s3.example.com"), refused: atHost },
    {
      title: "a Bucket elsewhere, by URL",
      object: bucket("https://acme.blob.example.com", { provider: "azure" }),
      refused: atHost,
    },
    {
      title: "a Bucket's token service elsewhere",
      object: bucket(host, { sts: { provider: "ldap", endpoint: "https://sts.example.com" } }),
      refused: atHost,
    },
    { title: "another owner's repository", object: git(`${server}/evil/app.git`), refused: owned },
    {
      title: "a path that leads back to another owner",
      object: git(`${organisation}/../evil/app.git`),
      refused: owned,
    },
    {
      title: "a path that is written in another way",
      object: git(`${organisation}/%2e%2e/evil/app.git`),
      refused: owned,
    },
    { title: "an owner and no repository", object: git(organisation), refused: owned },
    {
      title: "submodules from wherever",
      object: git(`${organisation}/app.git`, { recurseSubmodules: true }),
      refused: around,
    },
    {
      title: "a proxy",
      object: git(`${organisation}/app.git`, { proxySecretRef: { name: "proxy" } }),
      refused: around,
    },
    {
      title: "an image by a proxy",
      object: oci(`oci://${host}${pathname}/app`, { proxySecretRef: { name: "proxy" } }),
      refused: around,
    },
    {
      title: "a bucket by a proxy",
      object: bucket(`${host}${pathname}/data`, { proxySecretRef: { name: "proxy" } }),
      refused: around,
    },
    {
      title: "a GitRepository with the controller's cloud identity",
      object: git(`https://${host}${pathname}/app`, { provider: "azure" }),
      refused: identity,
    },
    {
      title: "an image with the controller's cloud identity",
      object: oci(`oci://${host}${pathname}/app`, { provider: "aws" }),
      refused: identity,
    },
    {
      title: "a chart with the controller's cloud identity",
      object: helm(`oci://${host}${pathname}/app`, { type: "oci", provider: "gcp", secretRef: { name: "mine" } }),
      refused: identity,
    },
    {
      title: "a bucket with the controller's cloud identity",
      object: bucket(`${host}${pathname}/data`, { provider: "aws" }),
      refused: identity,
    },
    {
      title: "a bucket at Google with a Secret, which can be the controller's own token for somebody else",
      object: bucket("storage.googleapis.com", { provider: "gcp", secretRef: { name: "mine" } }),
      refused: secretive,
    },
    {
      title: "a bucket at Azure with a Secret, which can name the node's identity",
      object: bucket(`https://${host}${pathname}/data`, {
        provider: "azure",
        secretRef: { name: "mine" },
      }),
      refused: secretive,
    },
    {
      title: "a bucket at Google, whatever its endpoint says",
      object: bucket(`${host}${pathname}/data`, { provider: "gcp", serviceAccountName: "mine" }),
      refused: atHost,
    },
    {
      title: "a bucket at Azure with a cloud identity of its own",
      object: bucket(`https://${host}${pathname}/data`, { provider: "azure", serviceAccountName: "mine" }),
    },
    {
      title: "a GitRepository looked at every second",
      object: git(`${organisation}/app.git`, { interval: "1s" }),
      refused: /intervals must be 10s or longer/,
    },
    {
      title: "a GitRepository that takes six minutes to fetch",
      object: git(`${organisation}/app.git`, { timeout: "6m" }),
      refused: /sources must have a timeout of 5m or shorter/,
    },
    {
      title: "a GitRepository that takes five minutes to fetch",
      object: git(`${organisation}/app.git`, { timeout: "5m" }),
    },
    {
      title: "a GitRepository with a GitHub App of its own",
      object: git(`https://${host}${pathname}/app`, { provider: "github", secretRef: { name: "mine" } }),
    },
    {
      title: "an image with a cloud identity of its own",
      object: oci(`oci://${host}${pathname}/app`, { provider: "aws", serviceAccountName: "mine" }),
    },
    {
      title: "a bucket with a key of its own",
      object: bucket(`${host}${pathname}/data`, { provider: "aws", secretRef: { name: "mine" } }),
    },
    { title: "another repository of the organisation", object: git(`${organisation}/app.git`) },
    {
      title: "a repository of the organisation in capitals",
      object: git(`${organisation.toUpperCase().replace(/^SSH/, "ssh")}/App`),
    },
    {
      title: "a chart of a source of its own",
      object: objectOf(place, source, "HelmChart", { interval: "1m", chart: "./chart", sourceRef }),
    },
  ];
}
