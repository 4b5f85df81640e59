import assert from "node:assert/strict";
import { chmodSync, symlinkSync } from "node:fs";
import path from "node:path";
import { createAuthority, issueClient, type KeyPair } from "@fleet/sandbox/control-plane/certificates";
import fc from "fast-check";
import { type ClusterConnection, readConnection } from "../../../../config/stack/kubeconfig/connection.js";
import { readKubeconfigs } from "../../../../config/stack/kubeconfig/files.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import { withTree } from "../../../support/unit/checkout-tree.js";
import { type KubeconfigParts, kubeconfigText, SECRET } from "../../../support/unit/kubeconfig.js";
import type { Tree } from "../../../support/unit/tree-files.js";

type Prepare = (root: string) => void;

/** The problems of KUBECONFIG with these files, one a line, without the folder. None may repeat a secret. */
function problemsOf(tree: Tree, list = Object.keys(tree), prepare: Prepare = () => undefined): string {
  return withTree(tree, (root) => {
    prepare(root);
    const read = readConnection(list.map((file) => path.join(root, file)).join(path.delimiter), path.join(root, "bin"));
    if ("connection" in read) return "";
    const text = read.problems.map(problemLine).join("\n");
    assert.doesNotMatch(text, new RegExp(SECRET));
    return text.replaceAll(`${root}${path.sep}`, "");
  });
}

function connectionOf(tree: Tree, list = Object.keys(tree), prepare: Prepare = () => undefined): ClusterConnection {
  return withTree(tree, (root) => {
    prepare(root);
    const read = readConnection(list.map((file) => path.join(root, file)).join(path.delimiter), path.join(root, "bin"));
    if ("connection" in read) return read.connection;
    throw new Error(read.problems.map(problemLine).join("\n"));
  });
}

const withParts = (parts: KubeconfigParts, others: Tree = {}) =>
  problemsOf({ "k.yaml": kubeconfigText(parts), ...others }, ["k.yaml"]);

describe("KUBECONFIG is refused", () => {
  const sound = kubeconfigText();

  it("with a missing file in a list, which Kubernetes would pass over for the next cluster", () => {
    const text = problemsOf({ "k.yaml": sound }, ["missing.yaml", "k.yaml"]);
    assert.match(text, /^environment: KUBECONFIG: \(file 1 of 2\) names a file that does not exist\. Set the env/);
  });

  it("with a folder, and with a path that cannot be read", () => {
    assert.match(problemsOf({ "folder/k.yaml": sound }, ["folder"]), /KUBECONFIG: names a directory/);
    const text = problemsOf({ "k.yaml": sound }, ["loop"], (root) => symlinkSync("loop", path.join(root, "loop")));
    assert.match(text, /KUBECONFIG: names a file that cannot be read \(ELOOP\)/);
  });

  it("with ~, which stays when it stands in quotes", () => {
    const read = readConnection("~/.kube/missing", "");
    assert.ok("problems" in read);
    assert.match(read.problems.map(problemLine).join(), /begins with ~.*Write the whole path, or \$HOME instead of ~/);
  });

  it("with the content of a file instead of its path, without repeating it", () => {
    for (const content of [sound, `{"clusters": "${SECRET}"}`]) {
      const read = readConnection(content, "");
      assert.ok("problems" in read);
      const text = read.problems.map(problemLine).join("\n");
      assert.match(text, /has the content of a kubeconfig, and not its path/);
      assert.doesNotMatch(text, new RegExp(SECRET));
    }
  });

  const texts: readonly (readonly [string, string, RegExp])[] = [
    ["an empty file", "", /^environment: KUBECONFIG: has no current-context/],
    ["a list", `- ${SECRET}\n`, /^k\.yaml:? ?.*must be a map, but is a list/],
    ["a text", SECRET, /must be a map, but is a text/],
    ["broken YAML", `users:\n  - token: "${SECRET}\n`, /^k\.yaml:\d+: is not YAML with/],
    ["a bad block header", `users: |${SECRET}\n  a\n`, /^k\.yaml:1: is not YAML with/],
    ["a key twice", `token: ${SECRET}\ntoken: b\n`, /^k\.yaml:2: is not YAML with/],
    ["an alias", `a: &a ${SECRET}\nb: *a\n`, /^k\.yaml:2: is not YAML with/],
    ["another document", `${sound}---\nusers: []\n`, /^k\.yaml:\d+: is not YAML with/],
    [
      "another object",
      `apiVersion: v1\nkind: Secret\ndata: {a: ${SECRET}}\n`,
      /^k\.yaml:2: kind: must be one of Config\./,
    ],
    ["text for a list", `clusters: ${SECRET}\n`, /^k\.yaml:1: clusters: must be a list, but is a text/],
    ["no name", "users: [{user: {}}]\n", /^k\.yaml:1: users\[0\]\.name: is missing/],
    [
      "a number for a token",
      "users: [{name: u, user: {token: 1}}]\n",
      /users\[0\]\.user\.token: must be a text, but is a number/,
    ],
    ["a name twice", "users: [{name: u}, {name: u}]\n", /users\[1\]\.name: is the name of an entry above/],
  ];
  for (const [title, text, expected] of texts) {
    it(`with ${title}, by file and line`, () => {
      assert.match(problemsOf({ "k.yaml": text }), expected);
    });
  }

  const parts: readonly (readonly [string, KubeconfigParts, RegExp])[] = [
    ["no current-context", { file: { "current-context": "" } }, /KUBECONFIG: has no current-context/],
    [
      "a context that is none",
      { file: { "current-context": SECRET } },
      /^k\.yaml:\d+: current-context: is the name of no context/,
    ],
    ["an empty context", { context: null }, /current-context: is the name of no context/],
    [
      "a context without cluster",
      { context: { user: "u" } },
      /^k\.yaml:\d+: contexts\[0\]\.context\.cluster: is missing/,
    ],
    ["a cluster that is none", { context: { cluster: SECRET } }, /context\.cluster: is the name of no cluster/],
    ["a user that is none", { context: { cluster: "c", user: SECRET } }, /context\.user: is the name of no user/],
    ["an empty cluster", { cluster: null }, /^k\.yaml:\d+: clusters\[0\]\.cluster\.server: is missing/],
    ["a server that is no URL", { cluster: { server: SECRET } }, /cluster\.server: is not a URL/],
    [
      "credentials in the server",
      { cluster: { server: `https://a:${SECRET}@api.example.com` } },
      /server: contains credentials/,
    ],
    ["http to another machine", { cluster: { server: "http://api.example.com" } }, /server: is an http URL/],
    [
      "a proxy that is none",
      { cluster: { server: "https://a.example.com", "proxy-url": `ftp://${SECRET}` } },
      /proxy-url: is not the URL/,
    ],
    [
      "a missing authority",
      { cluster: { server: "https://a.example.com", "certificate-authority": "ca.crt" } },
      /^k\.yaml:\d+: clusters\[0\]\.cluster\.certificate-authority: names a file that does not exist/,
    ],
    [
      "a broken authority",
      { cluster: { server: "https://a.example.com", "certificate-authority-data": "aGVsbG8=" } },
      /certificate-authority-data: is no certificate/,
    ],
    [
      "data that is not Base64",
      { user: { "client-certificate-data": `{${SECRET}}` } },
      /client-certificate-data: is not Base64/,
    ],
    [
      "a missing certificate",
      { user: { "client-certificate": "missing.crt" } },
      /^k\.yaml:\d+: users\[0\]\.user\.client-certificate: names a file that does not exist/,
    ],
    ["a missing key", { user: { "client-key": "missing.key" } }, /user\.client-key: names a file that does not exist/],
    [
      "a folder for a key",
      { user: { "client-key": "." } },
      /user\.client-key: names a file that cannot be read \(EISDIR\)/,
    ],
    ["a missing token", { user: { tokenFile: "missing" } }, /user\.tokenFile: names a file that does not exist/],
    ["a token of two lines", { user: { token: `${SECRET}\nb` } }, /user\.token: has white space within/],
    ["a provider that is gone", { user: { "auth-provider": { name: "gcp" } } }, /auth-provider\.name: is not oidc/],
    [
      "a plugin without command",
      { user: { exec: { apiVersion: "client.authentication.k8s.io/v1" } } },
      /exec\.command: is missing/,
    ],
    [
      "an old plugin",
      { user: { exec: { command: "aws", apiVersion: "client.authentication.k8s.io/v1alpha1" } } },
      /exec\.apiVersion: must be one of/,
    ],
    [
      "a plugin that is not there",
      { user: { exec: { command: "aws", apiVersion: "client.authentication.k8s.io/v1" } } },
      /^k\.yaml:\d+: users\[0\]\.user\.exec\.command: is no program on PATH/,
    ],
    [
      "a plugin at a wrong path",
      { user: { exec: { command: "./aws", apiVersion: "client.authentication.k8s.io/v1" } } },
      /exec\.command: is the path of no program/,
    ],
  ];
  for (const [title, changes, expected] of parts) {
    it(`with ${title}, by file and field`, () => {
      assert.match(withParts(changes), expected);
    });
  }

  it("with an authority beside the consent to have none", () => {
    const cluster = {
      server: "https://a.example.com",
      "certificate-authority": "ca.crt",
      "insecure-skip-tls-verify": true,
    };
    assert.match(withParts({ cluster }, { "ca.crt": authority.cert }), /insecure-skip-tls-verify: is true/);
  });

  let authority: KeyPair;
  let client: KeyPair;
  before(async () => {
    authority = await createAuthority("test");
    client = await issueClient(authority, { commonName: "admin" });
  });
  const userWith = (certificate: string | undefined, key: string | undefined) => {
    const user = { ...(certificate && { "client-certificate": "a.crt" }), ...(key && { "client-key": "a.key" }) };
    return withParts({ user }, { ...(certificate && { "a.crt": certificate }), ...(key && { "a.key": key }) });
  };

  it("with a certificate or key that is broken, alone, or of another pair", () => {
    assert.match(userWith(SECRET, client.key), /user\.client-certificate: is no certificate in PEM form/);
    assert.match(userWith(client.cert, SECRET), /user\.client-key: is no private key in PEM form/);
    assert.match(userWith(client.cert, undefined), /user\.client-key: is missing, and there is a certificate/);
    assert.match(userWith(undefined, client.key), /user\.client-certificate: is missing, and there is a key/);
    assert.match(userWith(client.cert, authority.key), /user\.client-key: does not belong to the client certificate/);
  });

  it("with all problems at once", () => {
    const cluster = { server: "ftp://a", "certificate-authority": "missing" };
    assert.equal(withParts({ cluster, user: { tokenFile: "missing" } }).split("\n").length, 3);
  });

  it("but not with these: files beside the kubeconfig, a plugin on PATH, no user, http to this machine", () => {
    const cluster = { server: "https://a.example.com/", "certificate-authority": "pki/ca.crt" };
    const user = { "client-certificate": "pki/a.crt", "client-key": "pki/a.key", tokenFile: "token" };
    const tree = {
      "k.yaml": kubeconfigText({ cluster, user }),
      token: `${SECRET}\n`,
      "pki/ca.crt": authority.cert,
      "pki/a.crt": client.cert,
      "pki/a.key": client.key,
    };
    const { server, credentials, authority: read } = connectionOf(tree, ["k.yaml"]);
    assert.deepEqual(
      [server, credentials.token, String(credentials.certificate), String(read)],
      ["https://a.example.com", SECRET, client.cert, authority.cert],
    );
    const exec = { command: "login", apiVersion: "client.authentication.k8s.io/v1" };
    const plugin = { "k.yaml": kubeconfigText({ user: { exec } }), "bin/login": "#!/bin/sh\n" };
    const found = connectionOf(plugin, ["k.yaml"], (root) => chmodSync(path.join(root, "bin/login"), 0o700));
    assert.equal(found.credentials.exec?.command, "login");
    assert.equal(
      connectionOf({ "k.yaml": kubeconfigText({ context: { cluster: "c" } }) }).credentials.token,
      undefined,
    );
    assert.equal(
      connectionOf({ "k.yaml": kubeconfigText({ cluster: { server: "http://127.0.0.1:8001" } }) }).server,
      "http://127.0.0.1:8001",
    );
  });
});

describe("a list of kubeconfigs", () => {
  it("leads to the cluster that kubectl and the provider use: the first file with a value decides", () => {
    const first = kubeconfigText({ cluster: { server: "https://first.example.com" }, user: { token: "first" } });
    const second = kubeconfigText({
      cluster: { server: "https://second.example.com" },
      user: { token: "second" },
      file: { "current-context": "y", contexts: [{ name: "y", context: { cluster: "c", user: "u" } }] },
    });
    const { server, credentials } = connectionOf({ "a.yaml": first, "b.yaml": second });
    assert.deepEqual([server, credentials.token], ["https://first.example.com", "first"]);
    const without = kubeconfigText({ file: { "current-context": undefined, contexts: undefined, users: undefined } });
    const other = connectionOf({ "a.yaml": without, "b.yaml": second });
    assert.deepEqual([other.server, other.credentials.token], ["https://api.example.com:6443", "second"]);
  });
});

describe("a damaged kubeconfig", () => {
  it("never ends in an exception, and no message about it has a line of it", () => {
    const text = kubeconfigText({
      user: { token: SECRET, exec: { command: "sh", apiVersion: "client.authentication.k8s.io/v1" } },
      cluster: { server: `https://${SECRET}.example.com`, "certificate-authority-data": SECRET },
    });
    const damage = fc.record({
      at: fc.nat(text.length),
      removed: fc.nat(40),
      added: fc.constantFrom(
        "",
        ":",
        "\n",
        "\t",
        "- ",
        "|",
        "&a ",
        "*a",
        "!!a ",
        "{",
        "]",
        '"',
        "'",
        "%",
        "@",
        "---\n",
        SECRET,
      ),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const damaged = damages.reduce((left, { at, removed, added }) => {
          return left.slice(0, at) + added + left.slice(at + removed);
        }, text);
        // It fails by itself when a message repeats the secret.
        problemsOf({ "k.yaml": damaged });
      }),
      { numRuns: 300 },
    );
  });
});

describe("the file of KUBECONFIG", () => {
  it("is parsed anew each time: nothing keeps its credentials for a later read", () => {
    withTree({ "k.yaml": kubeconfigText() }, (root) => {
      const [first, second] = [1, 2].map(() => readKubeconfigs(path.join(root, "k.yaml")).files[0]?.lineOf);
      assert.ok(first);
      assert.notEqual(second, first);
    });
  });
});
