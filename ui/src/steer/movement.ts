// What a hand does to a picture, brought to the program as fast as it answers: one request under way, what comes meanwhile
// gathered into the next. Nothing piles up, and nothing is left out.

import type { Change } from "../ipc/wire";
import type { Share } from "./steering";

type Gathered =
  | { kind: "pan"; at: number; x: number; y: number; goesOn: boolean }
  | { kind: "zoom"; at: number; factor: number; x: number; y: number };

type Send = (at: number, change: Change, goesOn: boolean) => Promise<void>;

export class Movement {
  readonly #send: Send;
  #waiting: Gathered[] = [];
  #busy = false;

  constructor(send: Send) {
    this.#send = send;
  }

  pan(at: number, way: Share): void {
    const last = this.#waiting.at(-1);
    if (last?.kind === "pan" && last.at === at && last.goesOn) {
      last.x += way.x;
      last.y += way.y;
    } else {
      this.#waiting.push({ kind: "pan", at, ...way, goesOn: true });
    }
    this.#next();
  }

  /** The hand lets go. */
  end(at: number): void {
    const last = this.#waiting.at(-1);
    if (last?.kind === "pan" && last.at === at) last.goesOn = false;
    else this.#waiting.push({ kind: "pan", at, x: 0, y: 0, goesOn: false });
    this.#next();
  }

  zoom(at: number, factor: number, place: Share): void {
    const last = this.#waiting.at(-1);
    if (last?.kind === "zoom" && last.at === at) {
      last.factor *= factor;
      last.x = place.x;
      last.y = place.y;
    } else {
      this.#waiting.push({ kind: "zoom", at, factor, ...place });
    }
    this.#next();
  }

  #next(): void {
    if (this.#busy) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#busy = true;
    const change: Change =
      next.kind === "pan"
        ? { kind: "pan", x: next.x, y: next.y }
        : { kind: "zoom", factor: next.factor, x: next.x, y: next.y };
    void this.#send(next.at, change, next.kind === "pan" && next.goesOn).finally(() => {
      this.#busy = false;
      this.#next();
    });
  }
}
