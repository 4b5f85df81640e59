import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import { hasApp, readCredentials, withToken } from "../../../../lib/github/credentials.js";
import { appKey } from "../../../support/unit/app-server.js";

const app = { GITHUB_APP_ID: "7", GITHUB_APP_INSTALLATION_ID: "9", GITHUB_APP_PEM_FILE: appKey };
const linesOf = (environment: Readonly<Record<string, string | undefined>>) => {
  return readCredentials(environment).problems.map(problemLine).join("\n");
};

describe("the credentials for GitHub", () => {
  it("are refused if a token and an App are set, which would act as two accounts", () => {
    const text = linesOf({ ...app, GITHUB_TOKEN: "hunter2" });
    assert.match(
      text,
      /^environment: GITHUB_APP_ID: is set, as are GITHUB_APP_INSTALLATION_ID and GITHUB_APP_PEM_FILE, so/,
    );
    assert.doesNotMatch(text, /hunter2|PRIVATE KEY/);
  });

  it("are refused if a part of an App is missing, and there is no token", () => {
    const { GITHUB_APP_PEM_FILE: _, ...parts } = app;
    assert.match(
      linesOf(parts),
      /^environment: GITHUB_APP_PEM_FILE: is not set, and GITHUB_APP_ID and GITHUB_APP_INSTA/,
    );
    assert.equal(linesOf({ ...parts, GITHUB_TOKEN: "token" }), "");
  });

  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const damaged = appKey.replace("MII", "MXX");
  for (const [key, message] of [
    [
      "/home/ada/fleet.pem",
      /GITHUB_APP_PEM_FILE: holds no private key\. Set it to the content of the file, not to its/,
    ],
    [damaged, /GITHUB_APP_PEM_FILE: holds a private key that cannot be read/],
    [appKey.split("\n").slice(0, 4).join("\n"), /GITHUB_APP_PEM_FILE: holds a private key that cannot be read/],
    [elliptic.export({ type: "pkcs8", format: "pem" }).toString(), /GITHUB_APP_PEM_FILE: holds a key that is no RSA/],
  ] as const) {
    it(`are refused with a key that GitHub does not make, without repeating it: ${key.slice(0, 27)}`, () => {
      const text = linesOf({ ...app, GITHUB_APP_PEM_FILE: key });
      assert.match(text, message);
      assert.ok(!text.includes(key.slice(30, 60)) || key.startsWith("/"), text);
    });
  }

  it("are refused with ids that are none, all at once", () => {
    const text = linesOf({ ...app, GITHUB_APP_ID: "fleet", GITHUB_APP_INSTALLATION_ID: "https://x/9" });
    assert.match(text, /GITHUB_APP_ID: is no number and no client ID/);
    assert.match(text, /GITHUB_APP_INSTALLATION_ID: is no number/);
  });

  it("are those of an App, also with its key on one line", () => {
    for (const key of [appKey, appKey.replaceAll("\n", "\\n")]) {
      const { app: found, problems } = readCredentials({ ...app, GITHUB_APP_PEM_FILE: key });
      assert.deepEqual([found?.appId, found?.installationId, problems], ["7", 9, []]);
    }
    assert.equal(readCredentials({ ...app, GITHUB_APP_ID: "Iv23liABC" }).app?.appId, "Iv23liABC");
  });

  it("of a tenant's token are that token alone, in an environment of an App, too", () => {
    const environment = withToken(app, "token");
    assert.equal(hasApp(environment), false);
    assert.deepEqual(readCredentials(environment), { token: "token", problems: [] });
  });
});
