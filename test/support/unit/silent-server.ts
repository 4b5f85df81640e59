/** Runs a test with a `fetch` that gets no answer before it is aborted. */
export async function withSilentServer(test: (fetch: typeof globalThis.fetch) => Promise<void>): Promise<void> {
  // The timer that aborts does not keep the process alive; this one does.
  const alive = setTimeout(() => undefined, 5000);
  try {
    await test((_url, init) => {
      return new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    });
  } finally {
    clearTimeout(alive);
  }
}
