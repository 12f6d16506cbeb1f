// How fast work in the background goes on. A test that looks at something on the way holds it (`?held`) and goes step by
// step: how fast a machine is says nothing then.

import { wait } from "./topic";

export class Pace {
  #held: boolean;
  readonly #works: { step: () => void; every: number }[] = [];
  #waiting: (() => void)[] = [];

  constructor(held: boolean) {
    this.#held = held;
  }

  /** Does it again and again; milliseconds. */
  each(every: number, step: () => void): void {
    this.#works.push({ step, every });
    if (!this.#held) setInterval(step, every);
  }

  /** Until the next step. */
  next(milliseconds: number): Promise<void> {
    return this.#held ? new Promise((go) => this.#waiting.push(go)) : wait(milliseconds);
  }

  step = (): void => {
    for (const { step } of this.#works) step();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  };

  /** Everything goes on by itself from here. */
  letGo = (): void => {
    this.step();
    this.#held = false;
    for (const { step, every } of this.#works) setInterval(step, every);
  };
}
