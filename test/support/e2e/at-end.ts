const endings: (() => Promise<void>)[] = [];

/** Has something end after the last test of the file that mocha runs. */
export function atEnd(end: () => Promise<void>): void {
  endings.push(end);
}

/**
 * Ends all of it, each even if another fails; global.ts calls it.
 * @throws AggregateError with what failed
 */
export async function endAll(): Promise<void> {
  const outcomes = await Promise.allSettled(endings.splice(0).map((end) => end()));
  const errors = outcomes.filter((one) => one.status === "rejected").map(({ reason }) => reason as unknown);
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("\n"));
}
