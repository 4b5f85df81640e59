/** Files that only save time. */
export class Cache {
  constructor(folder: string);
  read(name: string): Buffer | undefined;
  write(name: string, content: string | Uint8Array): void;
  prune(): void;
}
