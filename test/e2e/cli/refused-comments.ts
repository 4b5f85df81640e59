/** Places that refuse a comment, accounts that may not write one, and the message of the command. */
export const refusedComments: readonly (readonly [
  what: string,
  args: { readonly as?: string; readonly on?: string },
  message: RegExp,
])[] = [
  ["a number that does not exist", { on: "acme/fleet#99" }, /--comment acme\/fleet#99: there is no pull request 99\./],
  ["an issue", { on: "acme/fleet#1" }, /number 1 is an issue and no pull request\. Name a pull request of acme\/fleet/],
  ["a closed pull request", { on: "acme/fleet#3" }, /the pull request is closed\. Reopen it/],
  ["a locked one", { on: "acme/fleet#4" }, /the conversation of the pull request is locked\. Unlock it/],
  ["a repository that does not exist", { on: "acme/nothing#2" }, /there is no repository acme\/nothing on GitHub, or/],
  ["another owner", { on: "other/fleet#2" }, /there is no repository other\/fleet on GitHub/],
  ["a repository that the token does not read", { as: "elsewhere" }, /or the token does not read it\. Check the name/],
  ["no token", { as: "" }, /GITHUB_TOKEN: is not set\. Set the environment variable to a token with "Pull requests: w/],
  ["a wrong token", { as: "wrong" }, /GITHUB_TOKEN: GitHub did not show .+: Bad credentials\. Set it to a token/],
];
