/**
 * A pod asks for something that the runner does not do. The reason is what its container waits with.
 */
export class UnsupportedPod extends Error {
  constructor(
    /** As the kubelet would call it: `ImagePullBackOff`, `CreateContainerConfigError`. */
    readonly reason: string,
    message: string,
    /** The container that is at fault. */
    readonly container: string,
  ) {
    super(message);
    this.name = "UnsupportedPod";
  }
}
