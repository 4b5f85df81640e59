/** An answer other than success, in GitHub's shape. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: Record<string, unknown> & { message: string },
    headers: Record<string, string> = {},
  ) {
    super(body.message);
    this.name = "ApiError";
    this.status = status;
    this.body = { ...body, documentation_url: body.documentation_url ?? documentation, status: String(status) };
    this.headers = headers;
  }
}

const documentation = "https://docs.github.com/rest";

/** 401 for a request without credentials to something that needs them. */
export function requiresAuthentication(): ApiError {
  return new ApiError(401, { message: "Requires authentication" });
}

/** 401 for credentials that are not the emulator's token. */
export function badCredentials(): ApiError {
  return new ApiError(401, { message: "Bad credentials" });
}

/** 403 for a token without the right. @param accepted the rights that would do, for the header @default - none */
export function notAccessible(holder: "personal access token" | "integration", accepted?: string): ApiError {
  const headers = accepted === undefined ? {} : { "x-accepted-github-permissions": accepted };
  return new ApiError(403, { message: `Resource not accessible by ${holder}` }, headers);
}

/** 404; also what a private repository looks like from outside. */
export function notFound(): ApiError {
  return new ApiError(404, { message: "Not Found" });
}

/** 403 for every write to an archived repository; clients look for the word "archived". */
export function archived(): ApiError {
  return new ApiError(403, { message: "Repository was archived so is read-only." });
}

/** One entry of `errors` in a 422. */
export interface FieldError {
  readonly resource: string;
  readonly field: string;
  /** `missing`, `missing_field`, `invalid`, `already_exists`, or `custom` with a message. */
  readonly code: string;
  readonly message?: string;
}

/** 422 `Validation Failed`, naming the fields. */
export function validationFailed(...errors: FieldError[]): ApiError {
  return new ApiError(422, { message: "Validation Failed", errors });
}

/** 422 with a sentence of its own. */
export function unprocessable(message: string): ApiError {
  return new ApiError(422, { message });
}

/** 409 when what a client saw is no longer so. */
export function conflict(message: string): ApiError {
  return new ApiError(409, { message });
}

/**
 * 409 when a ruleset stands against a write through the REST API, 405 against a merge.
 * @param violations sentences, one per rule
 */
export function ruleViolation(violations: readonly string[], status: 405 | 409): ApiError {
  return new ApiError(status, { message: `Repository rule violations found\n\n${violations.join("\n\n")}\n\n` });
}

/** A repository has another name now: reads are sent there for good (301), writes this once (307). */
export function moved(method: string, location: string): ApiError {
  const permanent = method === "GET" || method === "HEAD";
  const message = permanent ? "Moved Permanently" : "Temporary Redirect";
  return new ApiError(permanent ? 301 : 307, { message, url: location }, { location });
}
