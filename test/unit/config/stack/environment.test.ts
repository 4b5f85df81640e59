import assert from "node:assert/strict";
import path from "node:path";
import { appKey } from "../../../support/unit/app-server.js";
import { load, problemLines, withTree } from "../../../support/unit/checkout-tree.js";
import { kubeconfigText } from "../../../support/unit/kubeconfig.js";

function environmentLines(environment: Readonly<Record<string, string | undefined>>, config = {}): string {
  return problemLines({ environment, config }).join("\n");
}

describe("the environment is refused", () => {
  for (const token of [undefined, "", "  "]) {
    it(`without a token (${JSON.stringify(token) ?? "not set"})`, () => {
      assert.match(
        environmentLines({ GITHUB_TOKEN: token }),
        /^environment: GITHUB_TOKEN: is not set\. Set the environ/,
      );
    });
  }

  it("with a token that has the line break of its file", () => {
    const text = environmentLines({ GITHUB_TOKEN: "secret-of-mine\n" });
    assert.match(text, /GITHUB_TOKEN: contains white space/);
    assert.doesNotMatch(text, /secret-of-mine/);
  });

  it("without an owner, naming both places it could come from", () => {
    assert.match(
      environmentLines({ GITHUB_OWNER: undefined }),
      /^environment: GITHUB_OWNER: is not set, and neither is fleet:githubOwner\. .*Pulumi\.staging\.yaml/,
    );
  });

  it("with an owner that GitHub cannot have", () => {
    assert.match(environmentLines({ GITHUB_OWNER: "acme/platform" }), /GITHUB_OWNER: is not a GitHub owner/);
  });

  it("with an owner other than the configured one", () => {
    assert.match(
      environmentLines({ GITHUB_OWNER: "acme" }, { githubOwner: "umbrella" }),
      /GITHUB_OWNER: differs from fleet:githubOwner in Pulumi\.staging\.yaml/,
    );
  });

  for (const url of ["http://github.example.com/", "http://127.0.0.1.example.com/", "http://10.0.0.1:8080/"]) {
    it(`with the URL ${url}, which would show the token on the way`, () => {
      assert.match(environmentLines({ GITHUB_BASE_URL: url }), /GITHUB_BASE_URL: is an http URL.*Use https\.$/);
    });
  }

  it("with a URL that is none, or of another kind", () => {
    for (const url of ["github.example.com", "https://xn--charts.example.com/"]) {
      assert.match(environmentLines({ GITHUB_BASE_URL: url }), /is not a URL/);
    }
    assert.match(environmentLines({ GITHUB_BASE_URL: "ssh://git@github.example.com/" }), /is a ssh: URL\. Use https/);
  });

  it("with a URL that goes on after its path, to which no path can be added", () => {
    assert.match(environmentLines({ GITHUB_BASE_URL: "https://github.example.com/?a=b" }), /contains a \? or #/);
    assert.match(environmentLines({ GITHUB_BASE_URL: "https://github.example.com/#a" }), /contains a \? or #/);
  });

  it("with a URL that has credentials in it, without repeating them", () => {
    const text = environmentLines({ GITHUB_BASE_URL: "https://me:hunter2@github.example.com/" });
    assert.match(text, /GITHUB_BASE_URL: contains credentials/);
    assert.doesNotMatch(text, /hunter2/);
  });

  for (const kubeconfig of [undefined, "", " "]) {
    it(`without a kubeconfig (${JSON.stringify(kubeconfig) ?? "not set"}): the first up would go to some other cluster`, () => {
      const text = environmentLines({ KUBECONFIG: kubeconfig, KUBERNETES_SERVICE_HOST: undefined });
      assert.match(text, /^environment: KUBECONFIG: is not set, so the machine's current context would decide/);
      assert.doesNotMatch(text, /\n/);
    });
  }

  it("without a kubeconfig in a pod, when one in the home folder would go before the pod's own account", () => {
    withTree({ ".kube/config": "" }, (home) => {
      assert.match(environmentLines({ HOME: home }), /^environment: KUBECONFIG: is not set/);
    });
  });

  it("with a kubeconfig in the home folder by the shell's name for it", () => {
    for (const kubeconfig of ["~/.kube/config", ["/no/such/file", "~me/config"].join(path.delimiter)]) {
      const text = environmentLines({ KUBECONFIG: kubeconfig });
      assert.match(
        text,
        /KUBECONFIG: (\(file 2 of 2\) )?begins with ~, which a shell expands only outside quotes\. Write the whole path/,
      );
    }
  });

  it("with a kubeconfig that does not exist, or is empty, or broken", () => {
    assert.match(environmentLines({ KUBECONFIG: "/no/such/file" }), /KUBECONFIG: names a file that does not exist/);
    withTree({ empty: "", broken: "users: [{name: u, user: {token: [hunter2]}}]\n" }, (root) => {
      assert.match(environmentLines({ KUBECONFIG: path.join(root, "empty") }), /KUBECONFIG: has no current-context/);
      const text = environmentLines({ KUBECONFIG: path.join(root, "broken") });
      assert.match(text, /broken:1: users\[0\]\.user\.token: must be a text, but is a list\./);
      assert.doesNotMatch(text, /hunter2/);
    });
  });

  it("with an address of a proxy that Go would pass over, without repeating it", () => {
    for (const proxy of ["http://", "http://me:hunter2@", "http://a b", "::hunter2"]) {
      const text = environmentLines({ HTTPS_PROXY: proxy });
      assert.match(text, /^environment: HTTPS_PROXY: is not a URL/);
      assert.doesNotMatch(text, /hunter2/);
    }
    assert.match(
      environmentLines({ https_proxy: "ftp://proxy" }),
      /^environment: https_proxy: is not the URL of an http, /,
    );
  });

  it("with a URL of GitHub's cloud that leads GitHub's provider elsewhere, or nowhere", () => {
    for (const url of ["https://GitHub.com/", "https://github.com:443/", "https://Acme.ghe.com/"]) {
      assert.match(environmentLines({ GITHUB_BASE_URL: url }), /GITHUB_BASE_URL: is not in its plain form/);
    }
    for (const url of ["https://github.com/acme", "https://api.github.com/api/v3", "https://acme.ghe.com/api/v3/"]) {
      assert.match(environmentLines({ GITHUB_BASE_URL: url }), /GITHUB_BASE_URL: has a path, and github\.com and/);
    }
  });

  it("with a login that GitHub's provider prefers to the owner or the token", () => {
    assert.match(environmentLines({ GITHUB_ORGANIZATION: "umbrella" }), /GITHUB_ORGANIZATION: differs from the owner/);
    assert.equal(environmentLines({ GITHUB_ORGANIZATION: "ACME" }), "");
    const app = { GITHUB_APP_ID: "1", GITHUB_APP_INSTALLATION_ID: "2", GITHUB_APP_PEM_FILE: "hunter2" };
    const text = environmentLines(app);
    assert.match(
      text,
      /^environment: GITHUB_APP_ID: is set, as are GITHUB_APP_INSTALLATION_ID and GITHUB_APP_PEM_FILE/,
    );
    assert.doesNotMatch(text, /hunter2/);
    assert.equal(environmentLines({ ...app, GITHUB_APP_PEM_FILE: "" }), "");
  });

  it("with a part of a GitHub App and no token, and with a key that is none", () => {
    const app = { GITHUB_TOKEN: undefined, GITHUB_APP_ID: "1", GITHUB_APP_INSTALLATION_ID: "2" };
    assert.match(
      environmentLines(app),
      /^environment: GITHUB_APP_PEM_FILE: is not set, and GITHUB_APP_ID and GITHUB_APP/,
    );
    const text = environmentLines({ ...app, GITHUB_APP_PEM_FILE: "/home/hunter2.pem" });
    assert.match(text, /^environment: GITHUB_APP_PEM_FILE: holds no private key\. .*not to its path/);
    assert.doesNotMatch(text, /hunter2|\n/);
  });
});

describe("the environment is accepted", () => {
  for (const url of [
    "https://github.example.com/",
    "http://127.0.0.1:8080/",
    "http://localhost:1/",
    "http://[::1]:1/",
  ]) {
    it(`with the URL ${url}`, () => {
      assert.equal(environmentLines({ GITHUB_BASE_URL: url }), "");
    });
  }

  it("and tells the host of GitHub's pages, as clone URLs by https have it", () => {
    const host = (url: string | undefined) => load({ environment: { GITHUB_BASE_URL: url } }).github.host;
    assert.equal(host(undefined), "github.com");
    assert.equal(host("https://api.github.com/"), "github.com");
    assert.equal(host("https://github.com/"), "github.com");
    assert.equal(host("https://acme.ghe.com/"), "acme.ghe.com");
    assert.equal(host("https://api.acme.ghe.com/"), "acme.ghe.com");
    assert.equal(host("https://github.example.com/"), "github.example.com");
    assert.equal(host("http://127.0.0.1:8080/"), "127.0.0.1:8080");
  });

  it("with a GitHub App in place of a token", () => {
    const app = { GITHUB_APP_ID: "1", GITHUB_APP_INSTALLATION_ID: "2", GITHUB_APP_PEM_FILE: appKey };
    assert.equal(environmentLines({ ...app, GITHUB_TOKEN: undefined }), "");
  });

  it("without KUBECONFIG in a pod of the cluster, whose own account then serves", () => {
    withTree({ "some-file": "" }, (home) => {
      assert.equal(environmentLines({ KUBERNETES_SERVICE_HOST: "10.0.0.1", HOME: home }), "");
      assert.equal(environmentLines({ KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBECONFIG: "" }), "");
    });
  });

  it("with a list of kubeconfigs that exist", () => {
    withTree({ "admin.yaml": kubeconfigText(), "other.yaml": "{}\n" }, (root) => {
      const list = ["other.yaml", "admin.yaml"].map((file) => path.join(root, file)).join(path.delimiter);
      assert.equal(environmentLines({ KUBECONFIG: list, KUBERNETES_SERVICE_HOST: undefined }), "");
    });
  });

  it("with the addresses of proxies that Go reads", () => {
    for (const proxy of ["http://me:pass@proxy:3128", "proxy:3128", "https://proxy", "socks5://proxy"]) {
      assert.equal(environmentLines({ HTTPS_PROXY: proxy, http_proxy: proxy }), "");
    }
  });

  it("with an owner from either place, or the same from both", () => {
    assert.equal(load({ environment: { GITHUB_OWNER: "acme" } }).github.owner, "acme");
    assert.equal(
      load({ environment: { GITHUB_OWNER: undefined }, config: { githubOwner: "acme" } }).github.owner,
      "acme",
    );
    assert.equal(load({ environment: { GITHUB_OWNER: "ACME" }, config: { githubOwner: "acme" } }).github.owner, "acme");
  });
});
