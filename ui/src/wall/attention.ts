// Which tile a person attends to, and so shows its controls: after a moment under the pointer, or when the keyboard
// comes to it. Given up when nothing moves for a while.

import { useEffect, useMemo, useState } from "react";

const SHOW_AFTER = 150;
const HIDE_AFTER = 2500;

type Attention = {
  at: number | null;
  /** The tile under the pointer; again and again while it moves. */
  point: (at: number | null) => void;
  show: (at: number | null) => void;
  /** While the controls themselves are used they stay. */
  hold: (held: boolean) => void;
  dismiss: () => void;
};

export function useAttention(): Attention {
  const [at, setAt] = useState<number | null>(null);
  const follower = useMemo(() => new Follower(setAt), []);
  useEffect(() => () => follower.dismiss(), [follower]);
  return { at, point: follower.point, show: follower.show, hold: follower.hold, dismiss: follower.dismiss };
}

class Follower {
  readonly #tell: (at: number | null) => void;
  #shown: number | null = null;
  #under: number | null = null;
  #held = false;
  #showing = 0;
  #hiding = 0;

  constructor(tell: (at: number | null) => void) {
    this.#tell = tell;
  }

  point = (at: number | null): void => {
    if (this.#held) return;
    if (at === this.#shown) {
      this.#under = at;
      this.#cancelShowing();
      this.#hideLater();
      return;
    }
    if (at === this.#under && this.#showing !== 0) return;
    this.#under = at;
    this.#cancelShowing();
    if (this.#shown !== null) this.#set(null);
    if (at !== null) this.#showing = window.setTimeout(() => this.show(at), SHOW_AFTER);
  };

  show = (at: number | null): void => {
    this.#cancelShowing();
    this.#set(at);
    this.#hideLater();
  };

  hold = (held: boolean): void => {
    this.#held = held;
    if (held) window.clearTimeout(this.#hiding);
    else this.#hideLater();
  };

  dismiss = (): void => {
    this.#held = false;
    this.#cancelShowing();
    window.clearTimeout(this.#hiding);
    this.#set(null);
  };

  #set(at: number | null): void {
    this.#shown = at;
    this.#tell(at);
  }

  #cancelShowing(): void {
    window.clearTimeout(this.#showing);
    this.#showing = 0;
  }

  #hideLater(): void {
    window.clearTimeout(this.#hiding);
    this.#hiding = window.setTimeout(() => this.#set(null), HIDE_AFTER);
  }
}
