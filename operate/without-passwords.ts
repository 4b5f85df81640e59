/** A text without the user names and passwords of its URLs: `postgres://…@db`. The user `git` of SSH is no secret. */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/(\b[a-z][\w+.-]*:\/\/)(?!git@)[^/?#\s"'@]+@/gi, "$1…@");
}
