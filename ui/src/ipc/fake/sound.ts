// Cameras that are heard. Every fifth one has no microphone.

import type { Sound } from "../backend";
import type { Id, Listening } from "../wire";
import { Topic, wait } from "./topic";

export class FakeSound implements Sound {
  readonly #calls: [string, ...unknown[]][];
  readonly #topic = new Topic<Listening | null>();
  #camera: Id | null = null;
  #asked = 0;

  constructor(calls: [string, ...unknown[]][]) {
    this.#calls = calls;
  }

  onListening = this.#topic.on;

  listen = async (camera: Id | null): Promise<void> => {
    this.#calls.push(["listen", camera]);
    this.#camera = camera;
    const asked = ++this.#asked;
    if (camera === null) return this.#topic.tell(null);
    this.#tell(camera, "waiting", "not_offered");
    await wait(30);
    if (this.#asked !== asked) return;
    this.#tell(camera, isMute(camera) ? "silent" : "heard", isMute(camera) ? "not_offered" : "offered");
  };

  talk = async (camera: Id | null): Promise<void> => {
    this.#calls.push(["talk", camera]);
    if (this.#camera !== null) this.#tell(this.#camera, "heard", camera === null ? "offered" : "speaking");
  };

  /** For tests: how it stands instead, whatever is still to be answered. */
  stand(standing: Listening["standing"]): void {
    this.#asked += 1;
    if (this.#camera !== null) this.#tell(this.#camera, standing, "not_offered");
  }

  #tell(camera: Id, standing: Listening["standing"], talk: Listening["talk"]): void {
    this.#topic.tell({ camera, standing, detail: standing === "heard" ? "G.711 A" : "", talk, talk_detail: "" });
  }
}

function isMute(camera: Id): boolean {
  return [...camera].reduce((sum, character) => sum + character.charCodeAt(0), 0) % 5 === 0;
}
