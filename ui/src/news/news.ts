// What was lost and has come back since the page was opened: gathered for the corner, kept for the bell.

import type { CameraNews } from "../ipc/wire";
import { Store } from "../state/store";
import { gathered, NOTHING, remembered, type Gathered } from "./gather";

const MOST = 500;
/** After the last addition. What is lost stays longer: somebody has to do something about it. */
const STAY = { lost: 30_000, back: 8000 };

export class News {
  readonly shown = new Store<Gathered>(NOTHING);
  readonly history = new Store<CameraNews[]>([]);
  readonly unseen = new Store(0);
  /** The list behind the bell is being looked at. */
  readonly open = new Store(false);
  readonly #play: (sound: "lost" | "back") => void;
  readonly #timers: { lost?: ReturnType<typeof setTimeout>; back?: ReturnType<typeof setTimeout> } = {};

  /** `play` decides itself whether it may be heard. */
  constructor(play: (sound: "lost" | "back") => void) {
    this.#play = play;
  }

  take = (news: CameraNews): void => {
    this.shown.set(gathered(this.shown.get(), news));
    this.history.set(remembered(this.history.get(), news, MOST));
    if (!this.open.get()) this.unseen.set(this.unseen.get() + 1);
    const kind = news.lost ? "lost" : "back";
    this.#play(kind);
    clearTimeout(this.#timers[kind]);
    this.#timers[kind] = setTimeout(() => this.dismiss(kind), STAY[kind]);
  };

  dismiss = (kind: "lost" | "back"): void => {
    clearTimeout(this.#timers[kind]);
    this.shown.patch({ [kind]: [] });
  };

  show = (open: boolean): void => {
    this.open.set(open);
    this.seen();
  };

  seen = (): void => this.unseen.set(0);

  forget = (): void => {
    this.dismiss("lost");
    this.dismiss("back");
    this.history.set([]);
    this.open.set(false);
    this.seen();
  };
}
