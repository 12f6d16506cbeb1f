// Something the fake program tells whoever hears.

import type { Stop } from "../backend";

export class Topic<T> {
  readonly #hearers = new Set<(payload: T) => void>();

  on = async (hear: (payload: T) => void): Promise<Stop> => {
    this.#hearers.add(hear);
    return () => this.#hearers.delete(hear);
  };

  tell(payload: T): void {
    for (const hear of this.#hearers) hear(structuredClone(payload));
  }
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
