import { bucket, gitRepository, helmChart, helmRepository, ociRepository } from "../../support/objects/sources.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";
import { sourceDurations } from "./duration-cases.js";

const secretRef = { name: "mine" };
const serviceAccountName = "mine";
const proxySecretRef = { name: "proxy" };

/** Policy fleet-flux-source, where nothing is allowed beside the organisation. */
export function sourceCases(place: Place): Case[] {
  return [
    ...encryptionCases(place),
    ...hostCases(place),
    ...ownerCases(place),
    ...plainCases(place),
    ...detourCases(place),
    ...identityCases(place),
    ...timeCases(place),
    ...allowedSources(place),
    ...sourceDurations(place, `${urlsOf(place).own}/app`),
  ];
}

/** URLs of the organisation's sources, with every scheme. */
function urlsOf({ organisation }: Place) {
  const { host, hostname, username, pathname } = new URL(organisation);
  const own = `${host}${pathname}`;
  return {
    host,
    hostname,
    pathname,
    own,
    app: `${organisation}/app.git`,
    ofServer: `ssh://${username}@${host}`,
    https: `https://${own}/app`,
    oci: `oci://${own}/app`,
  };
}

function encryptionCases(place: Place): Case[] {
  const { host, own, oci } = urlsOf(place);
  return refused(/sources must be encrypted/, {
    "a GitRepository over http": gitRepository(place, `http://${own}/app`),
    "a HelmRepository over http": helmRepository(place, `http://${own}/charts`),
    "an OCIRepository without TLS": ociRepository(place, oci, { insecure: true }),
    "a HelmRepository without TLS": helmRepository(place, oci, { type: "oci", insecure: true }),
    "a Bucket without TLS": bucket(place, host, { insecure: true }),
  });
}

function hostCases(place: Place): Case[] {
  const { host, hostname, pathname, own } = urlsOf(place);
  return refused(/sources must be at an allowed host/, {
    "a GitRepository elsewhere": gitRepository(place, "https://git.example.com/acme/app"),
    "a host that only begins like GitHub's": gitRepository(place, `ssh://git@${hostname}.example.com${pathname}/app`),
    "GitHub's host as a user name": gitRepository(place, `https://${hostname}@evil.example.com${pathname}/app`),
    "another port of GitHub's host": gitRepository(place, `ssh://git@${hostname}:1${pathname}/app`),
    "a HelmRepository elsewhere": helmRepository(place, "oci://registry.example.com/acme", { type: "oci" }),
    "an OCIRepository elsewhere": ociRepository(place, "oci://ghcr.io/acme/app"),
    "a Bucket elsewhere": bucket(place, "s3.example.com"),
    "a Bucket elsewhere, by URL": bucket(place, "https://acme.blob.example.com", { provider: "azure" }),
    "a Bucket's token service elsewhere": bucket(place, host, {
      sts: { provider: "ldap", endpoint: "https://sts.example.com" },
    }),
    "a bucket at Google, whatever its endpoint says": bucket(place, `${own}/data`, {
      provider: "gcp",
      serviceAccountName,
    }),
  });
}

function ownerCases(place: Place): Case[] {
  const { organisation } = place;
  return refused(/sources at GitHub must belong to an allowed owner/, {
    "another owner's repository": gitRepository(place, `${urlsOf(place).ofServer}/evil/app.git`),
    "a path that leads back to another owner": gitRepository(place, `${organisation}/../evil/app.git`),
    "a path that is written in another way": gitRepository(place, `${organisation}/%2e%2e/evil/app.git`),
    "an owner and no repository": gitRepository(place, organisation),
  });
}

/** URLs and names that one program reads in another way than the next. */
function plainCases(place: Place): Case[] {
  const { organisation } = place;
  const { host, oci, https } = urlsOf(place);
  const crooked = [
    `${organisation}/app?/../../evil/app`,
    `${organisation}/app#/../../evil/app`,
    `${organisation}//app`,
    `${organisation}/app;a`,
    `ssh://git:password@${host}/acme/app`,
    `https://me@${host}/acme/app`,
  ];
  return [
    ...refused(
      /URLs of sources must be plain/,
      each(crooked, (url) => [`a GitRepository at ${JSON.stringify(url)}`, gitRepository(place, url)]),
    ),
    ...refused(/charts must be below the URL of their source/, {
      "a chart of another owner, beside its own": helmChart(place, { chart: "../../evil/app" }),
      "a chart of another owner behind its own": helmChart(place, { chart: "app/../../../evil/app" }),
      "a chart that is written in another way": helmChart(place, { chart: "%2e%2e/evil" }),
    }),
    ...refused(/versions of images must be plain/, {
      "an image of another owner, by its tag": ociRepository(place, oci, {
        ref: { tag: "../../../evil/app/manifests/1" },
      }),
      "an image of another owner, by its digest": ociRepository(place, oci, { ref: { digest: "../../1" } }),
    }),
    ...allowed({
      "a HelmRepository of an owner": helmRepository(place, oci.replace(/\/app$/, ""), { type: "oci" }),
      "a HelmRepository of an owner with a slash at its end": helmRepository(place, oci.replace(/app$/, ""), {
        type: "oci",
      }),
      "an image of a tag": ociRepository(place, oci, { ref: { tag: "v1.2.3_a" } }),
      "an image of a digest": ociRepository(place, oci, { ref: { digest: `sha256:${"0".repeat(64)}` } }),
      "a repository with every plain letter": gitRepository(place, `${https}/a-b_c.d+e~f`),
      "a chart in a folder": helmChart(place, { chart: "./charts/shop-2.x" }),
    }),
  ];
}

/** Fields by which a source at an allowed host leads elsewhere. */
function detourCases(place: Place): Case[] {
  const { own, app, oci } = urlsOf(place);
  return refused(/submodules and proxies lead to hosts that are not allowed/, {
    "submodules from wherever": gitRepository(place, app, { recurseSubmodules: true }),
    "a proxy": gitRepository(place, app, { proxySecretRef }),
    "an image by a proxy": ociRepository(place, oci, { proxySecretRef }),
    "a bucket by a proxy": bucket(place, `${own}/data`, { proxySecretRef }),
  });
}

/** The credentials of sources. */
function identityCases(place: Place): Case[] {
  const { own, https, oci } = urlsOf(place);
  return [
    ...refused(/a source without its own credentials would use the cloud identity of the platform's controller/, {
      "a GitRepository with the controller's cloud identity": gitRepository(place, https, { provider: "azure" }),
      "an image with the controller's cloud identity": ociRepository(place, oci, { provider: "aws" }),
      "a chart with the controller's cloud identity": helmRepository(place, oci, {
        type: "oci",
        provider: "gcp",
        secretRef,
      }),
      "a bucket with the controller's cloud identity": bucket(place, `${own}/data`, { provider: "aws" }),
    }),
    ...refused(/a Secret of a Bucket at gcp or azure can disclose the identity of the platform's controller/, {
      "a bucket at Google with a Secret, which can be the controller's own token for another user": bucket(
        place,
        "storage.googleapis.com",
        { provider: "gcp", secretRef },
      ),
      "a bucket at Azure with a Secret, which can name the node's identity": bucket(place, `https://${own}/data`, {
        provider: "azure",
        secretRef,
      }),
    }),
  ];
}

function timeCases(place: Place): Case[] {
  const { app } = urlsOf(place);
  return [
    ...refused(/intervals must be 10s to 8760h/, {
      "a GitRepository looked at every second": gitRepository(place, app, { interval: "1s" }),
    }),
    ...refused(/sources must have a timeout of 1s to 5m/, {
      "a GitRepository that takes six minutes to fetch": gitRepository(place, app, { timeout: "6m" }),
    }),
  ];
}

function allowedSources(place: Place): Case[] {
  const { own, app, https, oci } = urlsOf(place);
  return allowed({
    "a bucket at Azure with a cloud identity of its own": bucket(place, `https://${own}/data`, {
      provider: "azure",
      serviceAccountName,
    }),
    "a GitRepository that takes five minutes to fetch": gitRepository(place, app, { timeout: "5m" }),
    "a GitRepository with a GitHub App of its own": gitRepository(place, https, { provider: "github", secretRef }),
    "an image with a cloud identity of its own": ociRepository(place, oci, { provider: "aws", serviceAccountName }),
    "a bucket with a key of its own": bucket(place, `${own}/data`, { provider: "aws", secretRef }),
    "another repository of the organisation": gitRepository(place, app),
    "a repository of the organisation in capitals": gitRepository(
      place,
      `${place.organisation.toUpperCase().replace(/^SSH/, "ssh")}/App`,
    ),
    "a chart of a source of its own": helmChart(place),
  });
}
