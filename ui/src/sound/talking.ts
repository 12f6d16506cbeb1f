// Speaking through a camera while a button is held. It is said again and again, so that nobody goes on speaking whose hand
// or page has gone.

import type { Id } from "../ipc/wire";
import type { App } from "../state/app";

/** Well within the program's 1.2 s. */
const RENEWAL = 400;

/** Begins to speak; what it gives ends it. */
export function speak(app: App, camera: Id): () => void {
  let timer: ReturnType<typeof setInterval> | null = null;
  const end = () => {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    window.removeEventListener("blur", end);
    document.removeEventListener("visibilitychange", end);
    app.run(app.backend.talk(null));
  };
  const say = () =>
    app.backend.talk(camera).catch((error: unknown) => {
      end();
      app.refused(error);
    });
  timer = setInterval(() => void say(), RENEWAL);
  window.addEventListener("blur", end);
  document.addEventListener("visibilitychange", end);
  void say();
  return end;
}
