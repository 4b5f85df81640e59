import { cel, celString } from "./cel.js";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
/** The printable characters of ASCII in their order, which begins at {@link firstCode}. */
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(index + 32)).join("");
const firstCode = 32;
/** Tab, line feed and carriage return, which readers of an address trim. */
const blanks = "[9, 10, 13]";
/** Stands for every other byte. No address that a policy allows has it. */
const other = '"';

/**
 * CEL of the text in a value of a Secret, which CEL of Kubernetes has no function for. Four digits make three bytes.
 * Bytes that are not ASCII become a double quote.
 * @param value CEL of the encoded value, with its padding
 */
export function decoded(value: string): string {
  return cel`
    ${value}
      .findAll('.{4}')
      .map(group, group.split('').map(digit, ${celString(digits)}.indexOf(digit)))
      .map(
        group,
        [group[0] * 4 + group[1] / 16]
        + (group[2] == 64 ? [] : [group[1] % 16 * 16 + group[2] / 4])
        + (group[3] == 64 ? [] : [group[2] % 4 * 64 + group[3]])
      )
      .map(
        group,
        group
          .map(
            code,
            code >= ${firstCode} && code < ${firstCode + printable.length}
            ? ${celString(printable)}.charAt(code - ${firstCode})
            : code in ${blanks} ? ' ' : ${celString(other)}
          )
          .join('')
      )
      .join('')
  `;
}
