/** A failed step of `npm start`. Its message names the cause and the remedy. */
export class JobError extends Error {
  override readonly name = "JobError";
}
