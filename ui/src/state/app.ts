// The page's state and the ways to change it. Walls belong to the program: the page asks, and shows what comes back.

import { createContext, useContext } from "react";
import type { Backend } from "../ipc/backend";
import type { Act, CameraStatus, Desk, Id, Monitor, Notice, Preset, Settings, Status, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { isNarrow } from "../parts/media";
import { overwriteGetLocale } from "../paraglide/runtime.js";
import { applyTheme } from "../theme";
import { foreseen, isForeseen } from "./foresee";
import { inventoryOf, NO_INVENTORY, type Inventory } from "./inventory";
import { Store } from "./store";

export type Toast = Notice & { key: number };

export type View = {
  /** The wall that is being arranged. */
  wall: number;
  editing: boolean;
  /** Nothing but the wall. */
  full: boolean;
  sidebar: boolean;
  dialog: "help" | "close" | null;
};

export type Figures = Omit<Status, "cameras" | "closed">;

const EMPTY_WALL: Wall = {
  id: 0,
  monitor: null,
  layout: { columns: [1], rows: [1], cells: [{ column: 0, row: 0, columns: 1, rows: 1 }] },
  slots: [],
  page: 0,
  pages: 1,
  selected: null,
  enlarged: null,
  turning: null,
};

export class App {
  readonly loaded = new Store<"loading" | "ready" | Notice>("loading");
  readonly inventory = new Store<Inventory>(NO_INVENTORY);
  readonly about = new Store({ version: "", province: "" });
  readonly presets = new Store<Preset[]>([]);
  readonly desk = new Store<Desk>({ walls: [EMPTY_WALL], can_undo: false, can_redo: false });
  readonly monitors = new Store<Monitor[]>([]);
  readonly settings = new Store<Settings>({ language: "vi", theme: "dark", captions: true });
  readonly cameras = new Store<ReadonlyMap<Id, CameraStatus>>(new Map());
  readonly figures = new Store<Figures | null>(null);
  readonly toasts = new Store<Toast[]>([]);
  /** Pictures that are being saved: "wall/slot". */
  readonly saving = new Store<ReadonlySet<string>>(new Set());
  readonly view = new Store<View>({
    wall: 0,
    editing: false,
    full: false,
    sidebar: !isNarrow(),
    dialog: null,
  });

  readonly #backend: Backend;
  #toastKey = 0;
  /** Acts that the program has not answered yet, by wall. */
  readonly #pending = new Map<number, Act[]>();

  constructor(backend: Backend) {
    this.#backend = backend;
    overwriteGetLocale(() => this.settings.get().language);
  }

  get backend(): Backend {
    return this.#backend;
  }

  async start(): Promise<void> {
    const backend = this.#backend;
    await Promise.all([
      backend.onDesk((desk) => this.#takeDesk(desk)),
      backend.onStatus((status) => this.#takeStatus(status)),
      backend.onMonitors((monitors) => this.monitors.set(monitors)),
      backend.onSettings((settings) => this.#takeSettings(settings)),
      backend.onNotice((notice) => this.notify(notice)),
      backend.onCloseAsked(() => this.view.patch({ dialog: "close" })),
    ]);
    try {
      const start = await backend.load();
      this.#takeSettings(start.settings);
      this.inventory.set(inventoryOf(start.districts));
      this.about.set({ version: start.version, province: start.province });
      this.presets.set(start.presets);
      this.monitors.set(start.monitors);
      this.#takeDesk(start.desk);
      this.loaded.set("ready");
      for (const notice of start.notices) this.notify(notice);
    } catch (error) {
      this.loaded.set(noticeOf(error));
    }
  }

  /** The wall that is being arranged; the main window's when that one was closed. */
  wall = (): Wall => wallInView(this.desk.get(), this.view.get().wall);

  act = (act: Act, wall = this.wall().id): void => {
    // What else an act changes is for the program to say: nothing older may be laid over it.
    this.#pending.set(wall, isForeseen(act) ? [...(this.#pending.get(wall) ?? []), act] : []);
    if (isForeseen(act)) this.#takeDesk(this.desk.get());
    void this.#backend
      .act(wall, act)
      .catch((error: unknown) => this.notify(noticeOf(error)))
      .then(() => {
        const others = this.#pending.get(wall)?.filter((each) => each !== act) ?? [];
        this.#pending.set(wall, others);
      });
  };

  undo = (): void => this.run(this.#backend.undo());
  redo = (): void => this.run(this.#backend.redo());

  /** Carries a request through; a refusal becomes a notice. */
  run = (request: Promise<unknown>): void => {
    request.catch((error: unknown) => this.notify(noticeOf(error)));
  };

  savePicture = async (at: number): Promise<void> => {
    const wall = this.wall().id;
    const key = `${wall}/${at}`;
    if (this.saving.get().has(key)) return;
    this.saving.set(new Set([...this.saving.get(), key]));
    try {
      const saved = await this.#backend.savePicture(wall, at, "png");
      this.notify({ level: "info", title: m.page_picture_saved(), detail: saved.path });
    } catch (error) {
      this.notify(noticeOf(error));
    } finally {
      this.saving.set(new Set([...this.saving.get()].filter((other) => other !== key)));
    }
  };

  setSettings = (fields: Partial<Settings>): void => {
    const settings = { ...this.settings.get(), ...fields };
    this.#takeSettings(settings);
    this.run(this.#backend.setSettings(settings));
  };

  notify = (notice: Notice): void => {
    const same = (toast: Toast) => toast.title === notice.title && toast.detail === notice.detail;
    this.#toastKey += 1;
    const others = this.toasts.get().filter((toast) => !same(toast));
    this.toasts.set([...others.slice(-4), { ...notice, key: this.#toastKey }]);
  };

  dismiss = (key: number): void => this.toasts.set(this.toasts.get().filter((toast) => toast.key !== key));

  #takeSettings(settings: Settings): void {
    this.settings.set(settings);
    document.documentElement.lang = settings.language;
    applyTheme(settings.theme);
  }

  #takeDesk(desk: Desk): void {
    const walls = desk.walls.map((wall) => (this.#pending.get(wall.id) ?? []).reduce(foreseen, wall));
    this.desk.set({ ...desk, walls });
    if (!desk.walls.some((wall) => wall.id === this.view.get().wall)) this.view.patch({ wall: 0 });
  }

  #takeStatus(status: Status): void {
    const { cameras, closed, ...figures } = status;
    this.figures.set(figures);
    if (cameras.length === 0 && closed.length === 0) return;
    const next = new Map(this.cameras.get());
    for (const id of closed) next.delete(id);
    for (const camera of cameras) next.set(camera.id, camera);
    this.cameras.set(next);
  }
}

export function wallInView(desk: Desk, id: number): Wall {
  return desk.walls.find((wall) => wall.id === id) ?? desk.walls[0] ?? EMPTY_WALL;
}

function noticeOf(error: unknown): Notice {
  if (typeof error === "object" && error !== null && "title" in error && "level" in error) return error as Notice;
  return { level: "error", title: m.page_error_title(), detail: m.page_error_detail({ reason: String(error) }) };
}

const AppContext = createContext<App | null>(null);
export const AppProvider = AppContext.Provider;

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("useApp outside of AppProvider");
  return app;
}
