/** Names of parameters whose values are credentials, as in signed URLs. */
const credential = "[\\w.-]*(?:token|secret|passw(?:or)?d|key|sig|signature|credential)";

/** Paths of webhooks that are bearer secrets: those of chats, and those of Flux's Receivers. */
const webhook =
  /(\b(?:hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/webhooks|webhook\.office\.com\/\w+)\/)[^?#\s"']+/gi;
const receiver = /(\/hook\/[0-9a-f]{8})[0-9a-f]{56}\b/g;

/**
 * A text without the credentials of its URLs: user names and passwords (`postgres://…@db`), parameters of signed URLs, and
 * paths of webhooks. The user `git` of SSH is no secret.
 */
export function withoutPasswords(text: string): string {
  return text
    .replaceAll(/(:\/\/)(?!git@)[^/?#\s"]+@/g, "$1…@")
    .replaceAll(new RegExp(`([?&]${credential}=)[^&#\\s"']+`, "gi"), "$1…")
    .replaceAll(webhook, "$1…")
    .replaceAll(receiver, "$1…");
}
