// How everything stands, asked for only while somebody looks.

import type { Board, Notice } from "../ipc/wire";
import { Store } from "../state/store";

const EVERY = 2000;

export class BoardFeed {
  readonly board = new Store<Board | null>(null);
  /** Why the last question was not answered. The board before is kept: its ages tell how old it is. */
  readonly problem = new Store<Notice | null>(null);
  readonly #ask: () => Promise<Board>;
  readonly #explain: (error: unknown) => Notice;
  #watchers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** An answer to somebody who has left is nobody's. */
  #generation = 0;

  constructor(ask: () => Promise<Board>, explain: (error: unknown) => Notice) {
    this.#ask = ask;
    this.#explain = explain;
  }

  watch(): () => void {
    this.#watchers += 1;
    if (this.#watchers === 1) void this.#poll(this.#generation);
    return () => {
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#stop();
    };
  }

  forget(): void {
    this.#stop();
    this.board.set(null);
    this.problem.set(null);
    if (this.#watchers > 0) void this.#poll(this.#generation);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#generation += 1;
  }

  /** The next question is asked only after the last one's answer. */
  async #poll(generation: number): Promise<void> {
    try {
      const board = await this.#ask();
      if (generation !== this.#generation) return;
      this.board.set(board);
      this.problem.set(null);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.problem.set(this.#explain(error));
    }
    this.#timer = setTimeout(() => void this.#poll(generation), EVERY);
  }
}
