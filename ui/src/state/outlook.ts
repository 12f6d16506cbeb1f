// What would come of an act: said while a person points at it, and asked about before pictures are lost by it.

import type { Act, Foreseen } from "../ipc/wire";
import { Store } from "./store";

/** Pointing at a thing in passing asks nothing. */
const REST = 120;

type Ask = (wall: number, act: Act) => Promise<Foreseen | null>;

/** An act that would cost pictures, until the person has said what to do. */
export type Doubt = { wall: number; act: Act; foreseen: Foreseen };

export class Outlook {
  /** In words, of what is pointed at. */
  readonly words = new Store<Foreseen | null>(null);
  readonly doubt = new Store<Doubt | null>(null);
  readonly #ask: Ask;
  #turn = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** A person points at what would do this. */
  look = (wall: number, act: Act): void => {
    const turn = (this.#turn += 1);
    setTimeout(() => {
      if (turn !== this.#turn) return;
      this.#ask(wall, act)
        .then((foreseen) => {
          if (turn === this.#turn) this.words.set(foreseen);
        })
        // Words that are missing keep nobody from the act.
        .catch(() => undefined);
    }, REST);
  };

  lookAway = (): void => {
    this.#turn += 1;
    this.words.set(null);
  };

  /** Does it, unless it costs pictures: then the person is asked first. */
  attempt = async (wall: number, act: Act, go: (act: Act) => void): Promise<void> => {
    this.lookAway();
    const foreseen = await this.#ask(wall, act).catch(() => null);
    if (foreseen?.costs) this.doubt.set({ wall, act, foreseen });
    else go(act);
  };
}
