/**
 * The variables of nginx that a value may use. Another name is an error in the configuration of nginx, which then takes
 * over no change of any tenant.
 * @see https://nginx.org/en/docs/varindex.html
 */
const nginxVariables = [
  "[0-9]",
  "(arg|cookie|http|sent_http|upstream_http)_[a-z0-9_]+",
  "host(name)?",
  "(escaped_)?request_uri",
  "(is_)?args",
  "(document_|proxy_)?uri",
  "query_string",
  "re(mote|quest)_(addr|id|method|port|user)",
  "scheme",
  "server_(name|port)",
  "(ingress|service)_name",
  "(namespace|pass_access_scheme|best_http_host)",
].join("|");

/** One letter of a plain value, or one of {@link nginxVariables}: none ends a text or a line of a configuration. */
const plain = `([A-Za-z0-9_.:/@%=*,?&+~-]|[$](${nginxVariables})\\b)`;
const name = "[a-z0-9]([-a-z0-9.]*[a-z0-9])?";
const list = (item: string) => `^(${item}([, ]+${item})*)?$`;

/**
 * The forms of values, as regular expressions (RE2). The tenant's namespace replaces NAMESPACE, and the domain of the
 * cluster's Services replaces DOMAIN. The path of `service` may use variables, which are parts of the request.
 */
export const VALUE_FORMS = {
  amount: "(?i)^(true|false|on|off|[0-9]+([.][0-9]+)?(ms|[smhdkg%]|[kmgt]i?)?)?$",
  word: `^${plain}*$`,
  words: `^(${plain}|[()!|])*( (${plain}|[()!|])+)*$`,
  addresses: "^[0-9a-fA-F.:/, ]*$",
  hosts: "^[A-Za-z0-9.*, -]*$",
  names: list(`(NAMESPACE/)?${name}`),
  namespace: "^NAMESPACE$",
  fileObjects: list("[A-Za-z0-9][-_A-Za-z0-9]*@file"),
  service: `^((https?://[-a-z0-9]+[.]NAMESPACE[.]svc(DOMAIN)?|svc://NAMESPACE/[-a-z0-9]+)(:[0-9]+)?(/${plain}*)?)?$`,
  rewrite: "^([A-Za-z0-9_.:/%=*,?&+~()|^-]|[\\\\][0-9])+( ([A-Za-z0-9_.:/%=*,?&+~()|^-]|[\\\\][0-9])+)*$",
  pathMatcher: "^Path(Prefix)?$",
  json: '^[\\[{][-A-Za-z0-9"{}:, .]*[\\]}]$',
  endpointGroup: '^[{] *"ingress" *: *(true|false) *[}]$',
} as const;

/** A form of values. */
export type ValueForm = keyof typeof VALUE_FORMS;
