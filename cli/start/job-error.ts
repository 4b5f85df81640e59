/** A step of the main job that went wrong; its message says what and what to do. */
export class JobError extends Error {
  override readonly name = "JobError";
}
