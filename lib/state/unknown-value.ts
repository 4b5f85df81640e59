/**
 * Stands for a value that the engine does not know, in its messages and in a state: of a preview, or of a resource that failed
 * in an update which went on (`--continue-on-error`).
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/resource/stack/deployment.go computedValuePlaceholder
 */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
