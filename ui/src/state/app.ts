// The page's state and the ways to change it. Walls belong to the program: the page asks, and shows what comes back.

import { createContext, useContext } from "react";
import type { Backend } from "../ipc/backend";
import type {
  Act,
  Action,
  CameraStatus,
  Change,
  Desk,
  DeviceNotice,
  Exports,
  Id,
  IncidentBook,
  Listening,
  LoginTarget,
  Monitor,
  MotionSearch,
  Notice,
  Playback,
  Preset,
  Safe,
  Saved,
  Session,
  Settings,
  Status,
  Steering,
  Views,
  Wall,
} from "../ipc/wire";
import { BoardFeed } from "../health/feed";
import { News } from "../news/news";
import { Sounds } from "../news/sounds";
import { m } from "../paraglide/messages.js";
import { isNarrow } from "../parts/media";
import { overwriteGetLocale } from "../paraglide/runtime.js";
import { NO_VIEWS } from "../steer/views";
import type { BookmarkDraft } from "../incidents/bookmark-dialog";
import type { ExportDraft } from "../evidence/export-dialog";
import type { MotionDraft } from "../playback/motion/motion-dialog";
import { applyTheme } from "../theme";
import { firstWorkspace, mayOpen, type Workspace } from "../workspaces/workspaces";
import { foreseen, isForeseen } from "./foresee";
import { inventoryOf, NO_INVENTORY, type Inventory } from "./inventory";
import { Outlook } from "./outlook";
import { Store } from "./store";

export type Toast = Notice & { key: number };

export type View = {
  workspace: Workspace;
  /** The wall that is being arranged. */
  wall: number;
  editing: boolean;
  /** Nothing but the wall. */
  full: boolean;
  sidebar: boolean;
  /** Keys are for the selected picture alone. */
  steering: boolean;
  dialog: "help" | "close" | "handover_sheet" | "hand_over" | { login: LoginTarget } | { keepView: number } | { lens: Id; at: number } | { bookmark: BookmarkDraft } | { export: ExportDraft } | { motion: MotionDraft } | null;
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
  pictures: "best",
};

const NO_DESK: Desk = { walls: [EMPTY_WALL], can_undo: false, can_redo: false, tours: [], done: 0 };

const NO_INCIDENTS: IncidentBook = { incidents: [], bookmarks: [], colleagues: [] };

const NOTHING_SAVED: Saved = { layouts: [], tours: [] };

export class App {
  /** Null until the program has said who works here, if anybody does. */
  readonly session = new Store<Session | null>(null);
  readonly loaded = new Store<"loading" | "ready" | Notice>("loading");
  readonly inventory = new Store<Inventory>(NO_INVENTORY);
  readonly about = new Store({ version: "", province: "" });
  readonly presets = new Store<Preset[]>([]);
  readonly desk = new Store<Desk>(NO_DESK);
  readonly monitors = new Store<Monitor[]>([]);
  readonly settings = new Store<Settings>({
    language: "vi",
    theme: "dark",
    captions: true,
    sounds: true,
    volume: 80,
    reserve: 10,
    lock_after: 0,
  });
  readonly cameras = new Store<ReadonlyMap<Id, CameraStatus>>(new Map());
  readonly figures = new Store<Figures | null>(null);
  readonly toasts = new Store<Toast[]>([]);
  /** Pictures that are being saved: "wall/slot". */
  readonly saving = new Store<ReadonlySet<string>>(new Set());
  readonly view = new Store<View>({
    workspace: "wall",
    wall: 0,
    editing: false,
    steering: false,
    full: false,
    sidebar: !isNarrow(),
    dialog: null,
  });

  readonly saved = new Store<Saved>(NOTHING_SAVED);
  readonly views = new Store<Views>(NO_VIEWS);
  /** Cameras whose controls are open, and those that move. */
  readonly hands = new Store<ReadonlyMap<Id, Steering>>(new Map());
  /** The share of a camera's top speed that a hand asks for at most, 0–1. */
  readonly steerSpeed = new Store(0.5);
  /** The selected camera is to be heard. */
  readonly soundOn = new Store(false);
  /** What is heard. */
  readonly listening = new Store<Listening | null>(null);
  /** Walls that play recordings, by number. */
  readonly playback = new Store<ReadonlyMap<number, Playback>>(new Map());
  /** What is looked for in the recordings of walls, by number. */
  readonly motion = new Store<ReadonlyMap<number, MotionSearch>>(new Map());
  /** What the person reads of incidents. */
  readonly incidents = new Store<IncidentBook>(NO_INCIDENTS);
  /** Marked footage that is kept on this machine. */
  readonly safe = new Store<Safe | null>(null);
  /** Null for who neither takes anything out nor checks it. */
  readonly exports = new Store<Exports | null>(null);
  readonly outlook: Outlook;
  /** What devices have noticed, the newest first. */
  readonly notices = new Store<DeviceNotice[]>([]);
  readonly health: BoardFeed;
  readonly sounds = new Sounds(() => this.settings.get().sounds);
  readonly news = new News(this.sounds.play);

  readonly #backend: Backend;
  #toastKey = 0;
  /** Counts the people who have worked here. */
  #shift = 0;
  /** The desk as the program told it last. */
  #told = NO_DESK;
  /** How many acts have been asked for. */
  #acts = 0;
  /** Foreseen acts that what was told last does not include yet. */
  #pending: { number: number; wall: number; act: Act }[] = [];

  constructor(backend: Backend) {
    this.#backend = backend;
    this.outlook = new Outlook((wall, act) => backend.foresee(wall, act));
    this.health = new BoardFeed(() => backend.board(), noticeOf);
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
      backend.onStock((stock) => {
        this.inventory.set(inventoryOf(stock.districts));
        this.about.patch({ province: stock.province });
      }),
      backend.onNews(this.news.take),
      backend.onSaved((saved) => this.saved.set(saved)),
      backend.onViews((views) => this.views.set(views)),
      backend.onSteering((cameras) => this.hands.set(new Map(cameras.map((standing) => [standing.camera, standing])))),
      backend.onPlayback(this.#takePlayback),
      backend.onMotion(this.#takeMotion),
      backend.onIncidents((book) => this.incidents.set(book)),
      backend.onSafe((safe) => this.safe.set(safe)),
      backend.onExports((exports) => this.exports.set(exports)),
      backend.onListening((listening) => this.listening.set(listening)),
      backend.onDeviceNotices((notices) => this.notices.set(notices)),
      backend.onAlarm(() => this.sounds.play("alarm")),
      backend.onCloseAsked(() => this.view.patch({ dialog: "close" })),
      backend.onSession((session) => void this.#takeSession(session)),
    ]);
    try {
      await this.#takeSession(await backend.session());
    } catch (error) {
      this.loaded.set(noticeOf(error));
    }
  }

  /** Whether the person who works here is allowed to; the program judges again. */
  may = (action: Action): boolean => this.session.get()?.person?.may.includes(action) ?? false;

  go = (workspace: Workspace): void => {
    if (!mayOpen(this.session.get()?.person ?? null, workspace)) return;
    this.view.patch({ workspace, full: false, dialog: null });
  };

  /** Everything of the page anew: after a sign-in, and for somebody with other rights. */
  async #load(shift: number): Promise<void> {
    try {
      const start = await this.#backend.load();
      // Whoever it was for may have gone meanwhile.
      if (shift !== this.#shift) return;
      this.#takeSettings(start.settings);
      this.inventory.set(inventoryOf(start.districts));
      this.about.set({ version: start.version, province: start.province });
      this.presets.set(start.presets);
      this.monitors.set(start.monitors);
      this.#takeDesk(start.desk);
      this.loaded.set("ready");
      if (this.may("arrange_walls")) {
        this.run(this.#backend.saved().then((saved) => shift === this.#shift && this.saved.set(saved)));
        this.run(this.#backend.views().then((views) => shift === this.#shift && this.views.set(views)));
      }
      if (this.may("view")) {
        this.run(this.#backend.deviceNotices().then((notices) => shift === this.#shift && this.notices.set(notices)));
      }
      if (this.may("playback")) {
        this.run(this.#backend.playback().then((walls) => shift === this.#shift && this.#takePlayback(walls)));
        this.run(this.#backend.motionSearches().then((searches) => shift === this.#shift && this.#takeMotion(searches)));
      }
      if (this.may("playback")) {
        this.run(this.#backend.incidents().then((book) => shift === this.#shift && this.incidents.set(book)));
      }
      if (this.may("playback") || this.may("manage_settings")) {
        this.run(this.#backend.safe().then((safe) => shift === this.#shift && this.safe.set(safe)));
      }
      if (this.may("export") || this.may("manage_settings") || this.may("read_audit")) {
        this.run(this.#backend.exports().then((exports) => shift === this.#shift && this.exports.set(exports)));
      }
      for (const notice of start.notices) this.notify(notice);
    } catch (error) {
      if (shift === this.#shift) this.loaded.set(noticeOf(error));
    }
  }

  /** What was shown for one person is not shown to the next: a lock keeps it, everything else begins anew. */
  async #takeSession(session: Session): Promise<void> {
    const before = this.session.get();
    this.#takeSettings(session.settings);
    if (session.state === "locked") {
      this.view.patch({ dialog: null, editing: false, steering: false });
      this.soundOn.set(false);
    }
    const works = session.state === "signed_in" || session.state === "locked";
    const { person } = session;
    const same = before !== null && worker(before) !== null && worker(before) === worker(session);
    if (same) {
      this.session.set(session);
      return;
    }
    this.#shift += 1;
    this.view.patch({ editing: false, steering: false, dialog: null });
    this.soundOn.set(false);
    this.toasts.set([]);
    // From one person's hands into another's the wall stays on the screen; what the next may not see goes with `load`.
    if (!(works && before && worker(before))) this.#forget();
    if (person && works) this.view.patch({ workspace: firstWorkspace(person) });
    this.session.set(session);
    if (works) await this.#load(this.#shift);
  }

  #forget(): void {
    this.loaded.set("loading");
    this.inventory.set(NO_INVENTORY);
    this.desk.set(NO_DESK);
    this.cameras.set(new Map());
    this.figures.set(null);
    this.saved.set(NOTHING_SAVED);
    this.views.set(NO_VIEWS);
    this.hands.set(new Map());
    this.playback.set(new Map());
    this.motion.set(new Map());
    this.incidents.set(NO_INCIDENTS);
    this.safe.set(null);
    this.exports.set(null);
    this.notices.set([]);
    this.health.forget();
    this.news.forget();
    this.#told = NO_DESK;
    this.#pending = [];
    this.view.patch({ wall: 0, full: false });
  }

  /** The wall that is being arranged; the main window's when that one was closed. */
  wall = (): Wall => wallInView(this.desk.get(), this.view.get().wall);

  act = (act: Act, wall = this.wall().id): void => {
    const number = ++this.#acts;
    // What other acts change is for the program to say.
    if (isForeseen(act)) {
      this.#pending.push({ number, wall, act });
      this.#layDesk();
    }
    this.#backend.act(wall, act, number).catch((error: unknown) => {
      this.#pending = this.#pending.filter((each) => each.number !== number);
      this.#layDesk();
      this.notify(noticeOf(error));
    });
  };

  /** The same for what may cost pictures that are seen now; then the person is asked first. */
  attempt = (act: Act): void => {
    const wall = this.wall().id;
    void this.outlook.attempt(wall, act, (sure) => this.act(sure, wall));
  };

  /** A piece of a movement on a picture; done when the program has followed. A refusal ends nothing. */
  look = (at: number, change: Change, goesOn: boolean): Promise<void> =>
    this.#backend.act(this.wall().id, { kind: "look", at, change, goes_on: goesOn }).catch(this.refused);

  undo = (): void => this.run(this.#backend.undo());
  redo = (): void => this.run(this.#backend.redo());

  /** Carries a request through; a refusal becomes a notice. */
  run = (request: Promise<unknown>): void => {
    request.catch(this.refused);
  };

  refused = (error: unknown): void => this.notify(noticeOf(error));

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
    this.#told = desk;
    // A page that was loaded anew goes on counting where the one before ended.
    this.#acts = Math.max(this.#acts, desk.done);
    this.#pending = this.#pending.filter(({ number }) => number > desk.done);
    this.#layDesk();
  }

  /** What people have done shows at once: a key after a click is for the tile that was clicked, however late the program is. */
  #layDesk(): void {
    const desk = this.#told;
    const foreseenOn = (wall: Wall) => this.#pending.filter((each) => each.wall === wall.id).map(({ act }) => act);
    this.desk.set({ ...desk, walls: desk.walls.map((wall) => foreseenOn(wall).reduce(foreseen, wall)) });
    if (!desk.walls.some((wall) => wall.id === this.view.get().wall)) this.view.patch({ wall: 0 });
  }

  readonly #takePlayback = (walls: Playback[]): void => this.playback.set(new Map(walls.map((each) => [each.wall, each])));

  readonly #takeMotion = (searches: MotionSearch[]): void => this.motion.set(new Map(searches.map((each) => [each.wall, each])));

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

/** Who works, as what and where; null while nobody does. */
function worker({ state, person }: Session): string | null {
  if (state !== "signed_in" && state !== "locked") return null;
  return person && JSON.stringify([person.account, person.role, person.scope, person.may]);
}

export function noticeOf(error: unknown): Notice {
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
