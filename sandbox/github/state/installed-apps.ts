import { randomBytes, verify } from "node:crypto";
import { z } from "zod";
import { ApiError, badCredentials, notFound, requiresAuthentication } from "../rest/errors.js";
import { digestOf } from "./access-tokens.js";
import type { Catalogue } from "./catalogue.js";
import type { InstalledAppRecord, State } from "./records.js";

const claims = z.object({ iat: z.number(), exp: z.number(), iss: z.union([z.string(), z.number()]).transform(String) });

/** Seconds that GitHub lets a JWT of an App live. */
const longestSeconds = 600;

const refused = (message: string) => new ApiError(401, { message });

/** The time as the emulator tells it to an App, in milliseconds since 1970. */
export function timeFor({ aheadSeconds }: InstalledAppRecord): number {
  return Date.now() + aheadSeconds * 1000;
}

/**
 * The App that a JWT identifies. The messages are GitHub's.
 * @throws 401 for a JWT that is none, is not signed with the App's key, or whose time is wrong; 404 for an unknown App
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function appOfJwt({ apps }: Pick<State, "apps">, authorization: string | undefined): InstalledAppRecord {
  if (authorization === undefined) throw requiresAuthentication();
  const { head, body, signature } = partsOf(authorization);
  if (signature === "") throw badCredentials();
  const undecodable = refused("A JSON web token could not be decoded");
  const parsed = claims.safeParse(parsePart(body));
  if (!parsed.success || Object(parsePart(head)).alg !== "RS256") throw undecodable;
  const { iat, exp } = parsed.data;
  const app = claimedApp({ apps }, authorization);
  if (app === undefined) throw new ApiError(404, { message: "Integration not found" });
  const isSigned = verify(
    "RSA-SHA256",
    Buffer.from(`${head}.${body}`),
    app.publicKey,
    Buffer.from(signature, "base64url"),
  );
  if (!isSigned) throw undecodable;
  const now = timeFor(app) / 1000;
  if (iat > now) {
    throw refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  }
  if (exp <= now) {
    throw refused(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + longestSeconds) throw refused("'Expiration time' claim ('exp') is too far in the future");
  return app;
}

/** The App that a JWT names, which may not have signed it. */
export function claimedApp({ apps }: Pick<State, "apps">, authorization = ""): InstalledAppRecord | undefined {
  const parsed = claims.safeParse(parsePart(partsOf(authorization).body));
  return parsed.success ? apps.find(({ id }) => String(id) === parsed.data.iss) : undefined;
}

function partsOf(authorization: string): Readonly<Record<"head" | "body" | "signature", string>> {
  const [, text = ""] = /^bearer\s+(\S+)$/i.exec(authorization) ?? [];
  const [head = "", body = "", signature = ""] = text.split(".");
  return { head, body, signature };
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return undefined;
  }
}

/**
 * Makes a token of an App's installation. Former ones that have ended are forgotten.
 * @throws 404 for an installation of another App, 403 for one that is suspended
 */
export function createInstallationToken(catalogue: Pick<Catalogue, "state" | "botOf">, app: InstalledAppRecord) {
  const { installation, slug, tokenSeconds } = app;
  if (installation.suspendedAt !== null) throw new ApiError(403, { message: "This installation has been suspended" });
  const token = `ghs_${randomBytes(20).toString("hex")}`;
  const now = Date.now();
  const expiresAt = new Date(now + tokenSeconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  const record = {
    digest: digestOf(token),
    user: catalogue.botOf(slug).id,
    repositories: null,
    write: installation.permissions.contents === "write",
    permissions: installation.permissions,
    app: true,
    appId: app.id,
    expiresAt,
  };
  const { state } = catalogue;
  const hasEnded = (end: string | null) => end !== null && Date.parse(end) < now;
  state.tokens = [...state.tokens.filter((one) => one.appId === null || !hasEnded(one.expiresAt)), record];
  return { token, expires_at: expiresAt, permissions: installation.permissions };
}

/** The App's installation of a number. @throws 404 when it has no such installation */
export function requireInstallation(app: InstalledAppRecord, id: string): InstalledAppRecord {
  if (String(app.installation.id) !== id) throw notFound();
  return app;
}
