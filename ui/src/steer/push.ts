// A hand that holds a camera. What it wants is said at once, again while it holds, and the last word wins: the program stops
// a camera whose hand has been silent for half a second.

import type { Id, Push } from "../ipc/wire";

/** Well within the program's 500 ms, and seldom enough for a device. */
export const RENEWAL = 200;

type Send = (camera: Id, push: Push) => Promise<void>;

export class PushingHand {
  readonly #send: Send;
  readonly #letGo: (camera: Id) => void;
  readonly #refused: (error: unknown) => void;
  #held: { camera: Id; push: Push } | null = null;
  #busy = false;
  #again = false;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(send: Send, letGo: (camera: Id) => void, refused: (error: unknown) => void) {
    this.#send = send;
    this.#letGo = letGo;
    this.#refused = refused;
  }

  /** Holds a camera, or holds it differently from now on. Another one is let go of first. */
  hold(camera: Id, push: Push): void {
    if (this.#held !== null && this.#held.camera !== camera) this.release();
    this.#held = { camera, push };
    this.#timer ??= setInterval(() => this.#say(), RENEWAL);
    this.#say();
  }

  release = (): void => {
    const held = this.#held;
    this.#held = null;
    this.#again = false;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (held !== null) this.#letGo(held.camera);
  };

  get isHolding(): boolean {
    return this.#held !== null;
  }

  #say(): void {
    if (this.#held === null) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    const { camera, push } = this.#held;
    this.#send(camera, push)
      .catch((error: unknown) => {
        // Whoever is refused lets go: the same refusal five times a second helps nobody.
        if (this.#held?.camera !== camera) return;
        this.release();
        this.#refused(error);
      })
      .finally(() => {
        this.#busy = false;
        if (this.#again) {
          this.#again = false;
          this.#say();
        }
      });
  }
}
