// A backend without a program behind it, for tests and for work in a plain browser: walls, undo, monitors and states
// behave as they do there; pictures there are none. `window.fake` tells tests what was asked for.

import type { Backend, Boards, Evidence, Hands, Incidents, Keeping, Looking, Motions, Noticing, People, Playbacks, Records, Sound, Stocks, Workstations } from "../backend";
import type { Act, CameraStatus, Console, Desk, District, Foreseen, Id, Mark, Monitor, Notice, Settings, Status, Surface, Wall } from "../wire";
import { acted, emptyWall, isPassing } from "./acts";
import { FakeBoards } from "./board";
import { grid, presets } from "./layouts";
import { FakeLooking, isMovement } from "./looking";
import { FakePeople } from "./people";
import { foresee, linksOf } from "./plan";
import { province } from "./province";
import { FakeMotion } from "./motion";
import { FakeNoticing } from "./noticing";
import { FakePlayback } from "./playback";
import { FakeRecords } from "./records";
import { FakeEvidence } from "./evidence";
import { FakeIncidents } from "./incidents";
import { Pace } from "./pace";
import { FakeKeeping } from "./saved";
import { FakeSharing } from "./sharing";
import { FakeSound } from "./sound";
import { FakeSteering } from "./steering";
import { FakeStocks } from "./stock";
import { wholeProvince } from "./whole-province";

const MONITORS: Monitor[] = [
  { key: "eDP-1", name: "AU Optronics", width: 1366, height: 768, x: 0, y: 0, primary: true },
  { key: "DP-2", name: "DELL U2720Q", width: 3840, height: 2160, x: 1366, y: 0, primary: false },
  { key: "HDMI-1", name: "Samsung QB55", width: 1920, height: 1080, x: 5206, y: 0, primary: false },
];

const FAULTS = [
  { text: "Không tới được thiết bị", detail: "Kiểm tra nguồn điện và đường truyền" },
  { text: "Sai người dùng hoặc mật khẩu", detail: "Sửa lại thông tin; không tự thử lại để tránh khóa đầu ghi" },
];

type Topics = { desk: Desk; status: Status; monitors: Monitor[]; settings: Settings; notice: Notice; close_asked: null };

/** The console itself; what else there is to ask for stands in the other files, and `connect` joins them. */
class Fake implements Omit<Backend, keyof People | keyof Records | keyof Stocks | keyof Boards | keyof Keeping | keyof Looking | keyof Workstations | keyof Hands | keyof Noticing | keyof Playbacks | keyof Motions | keyof Incidents | keyof Evidence | keyof Sound> {
  readonly calls: [string, ...unknown[]][] = [];
  surface: Surface | null = null;
  mark: { wall: number; mark: Mark | null } | null = null;

  readonly #hearers = new Map<keyof Topics, Set<(payload: never) => void>>();
  readonly #options = new URLSearchParams(location.search);
  readonly #districts: District[] = inventoryFor(this.#options);
  #walls: Wall[] = [emptyWall(0, null, grid(3))];
  #past: Wall[][] = [];
  #future: Wall[][] = [];
  #monitors = MONITORS;
  #settings: Settings = { language: "vi", theme: "dark", captions: true, sounds: false, volume: 80, reserve: 10, lock_after: 10 };
  #told = new Map<Id, CameraStatus>();
  #faults = new Map<Id, { text: string; detail: string }>();
  #beats = 0;
  /** The last numbered act. */
  #done = 0;
  /** The tile whose picture was moved last, until something else is done. */
  #moving: string | null = null;
  readonly pace = new Pace(this.#options.has("held"));
  readonly people = new FakePeople(this.#options, this.calls, () => this.#settings);
  readonly workstations = new FakeSharing(this.calls);
  readonly steering = new FakeSteering(this.calls, () => this.#desk());
  readonly hearing = new FakeSound(this.calls);
  readonly motion = new FakeMotion(this.calls, this.pace);
  readonly playing = new FakePlayback(this.calls, () => this.#desk(), (wall) => this.motion.forget(wall));
  readonly incidentBook = new FakeIncidents(this.calls, this.pace);
  readonly evidence = new FakeEvidence(this.#options, this.calls, this.pace);
  readonly noticing = new FakeNoticing(this.calls, this.#districts);
  readonly stock = new FakeStocks(this.calls, this.#districts);
  readonly health = new FakeBoards(this.calls, {
    districts: () => this.stock.districts(),
    told: () => this.#told,
    desk: () => this.#desk(),
    language: () => this.#settings.language,
  });
  readonly keeping = new FakeKeeping(this.calls, {
    desk: () => this.#desk(),
    show: (wall, kept) => {
      this.#remember();
      this.#walls = this.#walls.map((each) => (each.id === wall ? { ...emptyWall(wall, each.monitor, kept.layout), slots: kept.slots } : each));
      this.#tell("desk", this.#desk());
    },
    tell: () => this.#tell("desk", this.#desk()),
  });
  readonly looking = new FakeLooking(this.calls, () => this.#desk());
  readonly records = new FakeRecords(this.#options, this.calls, this.#districts);

  constructor() {
    const language = this.#options.get("language");
    if (language === "en") this.#settings.language = language;
    const theme = this.#options.get("theme");
    if (theme === "light" || theme === "system") this.#settings.theme = theme;
    // Slow enough to be seen, fast enough for tests.
    setInterval(() => this.#beat(), 500);
  }

  async load(): Promise<Console> {
    await wait(Number(this.#options.get("slow") ?? 0));
    if (this.#options.has("broken")) {
      throw { level: "error", title: "Không đọc được kho camera", detail: "Tệp hỏng; chép lại tệp rồi mở lại." };
    }
    return {
      version: "0.1.0",
      province: "Kiên Giang",
      districts: this.stock.districts(),
      desk: this.#desk(),
      monitors: this.#monitors,
      settings: this.#settings,
      presets: presets(),
      notices: [],
    };
  }

  async act(wall: number, act: Act, number?: number): Promise<void> {
    this.calls.push(["act", wall, act]);
    await wait(5);
    const moving = act.kind === "look" && isMovement(act.change) ? `${wall}/${act.at}` : null;
    if (!isPassing(act)) {
      if (moving === null || moving !== this.#moving) this.#remember();
      this.#moving = moving;
    }
    this.#walls = this.#walls.map((each) => (each.id === wall ? acted(each, act, this.#districts) : each));
    this.#done = number ?? this.#done;
    // While a movement goes on, only the walls follow it.
    if (act.kind === "look" && act.goes_on) return;
    const desk = this.#desk();
    // Answers and what is told go different ways: on a busy machine an answer may be there long before.
    const late = Number(this.#options.get("late") ?? 0);
    if (late === 0) this.#tell("desk", desk);
    else void wait(late).then(() => this.#tell("desk", desk));
  }

  async foresee(wall: number, act: Act): Promise<Foreseen | null> {
    const shown = this.#walls.find((each) => each.id === wall);
    return shown ? foresee(shown, act, this.#districts, Number(this.#options.get("most") ?? Infinity)) : null;
  }

  async undo(): Promise<void> {
    this.calls.push(["undo"]);
    this.#step(this.#past, this.#future);
  }

  async redo(): Promise<void> {
    this.calls.push(["redo"]);
    this.#step(this.#future, this.#past);
  }

  async openWall(monitor: string): Promise<void> {
    this.calls.push(["openWall", monitor]);
    const id = Math.max(...this.#walls.map((wall) => wall.id)) + 1;
    this.#walls = [...this.#walls, emptyWall(id, monitor, grid(4))];
    this.#tell("desk", this.#desk());
  }

  async moveWall(wall: number, monitor: string): Promise<void> {
    this.calls.push(["moveWall", wall, monitor]);
    this.#walls = this.#walls.map((each) => (each.id === wall ? { ...each, monitor } : each));
    this.#tell("desk", this.#desk());
  }

  async closeWall(wall: number): Promise<void> {
    this.calls.push(["closeWall", wall]);
    this.#walls = this.#walls.filter((each) => each.id !== wall);
    this.#tell("desk", this.#desk());
  }

  async setSurface(surface: Surface): Promise<void> {
    this.calls.push(["setSurface", surface]);
    this.surface = surface;
  }

  async setMark(wall: number, mark: Mark | null): Promise<void> {
    this.mark = { wall, mark };
  }

  async savePicture(wall: number, at: number, format: "png" | "jpeg"): Promise<{ path: string }> {
    this.calls.push(["savePicture", wall, at, format]);
    await wait(400);
    if (this.#options.has("full")) {
      throw { level: "error", title: "Không lưu được ảnh", detail: "Ổ đĩa đầy; xóa bớt tệp rồi thử lại." };
    }
    return { path: `/home/truc/Pictures/Watchwall/o-${at + 1}.${format}` };
  }

  async setSettings(settings: Settings): Promise<void> {
    this.calls.push(["setSettings", settings]);
    this.#settings = settings;
  }

  async quit(walls: "keep" | "close"): Promise<void> {
    this.calls.push(["quit", walls]);
  }

  onDesk = (hear: (desk: Desk) => void) => this.#on("desk", hear);
  onStatus = (hear: (status: Status) => void) => this.#on("status", hear);
  onMonitors = (hear: (monitors: Monitor[]) => void) => this.#on("monitors", hear);
  onSettings = (hear: (settings: Settings) => void) => this.#on("settings", hear);
  onNotice = (hear: (notice: Notice) => void) => this.#on("notice", hear);
  onCloseAsked = (hear: () => void) => this.#on("close_asked", hear);

  /** For tests: what the program would do by itself. */
  askToClose(): void {
    this.#tell("close_asked", null);
  }

  darken(id: Id, fault: { text: string; detail: string }): void {
    this.#faults.set(id, fault);
  }

  notify(notice: Notice): void {
    this.#tell("notice", notice);
  }

  unplug(key: string): void {
    this.#monitors = this.#monitors.filter((monitor) => monitor.key !== key);
    this.#tell("monitors", this.#monitors);
  }

  async #on<T extends keyof Topics>(topic: T, hear: (payload: Topics[T]) => void): Promise<() => void> {
    const hearers = this.#hearers.get(topic) ?? new Set();
    this.#hearers.set(topic, hearers.add(hear));
    return () => hearers.delete(hear);
  }

  #tell<T extends keyof Topics>(topic: T, payload: Topics[T]): void {
    for (const hear of this.#hearers.get(topic) ?? []) (hear as (payload: Topics[T]) => void)(structuredClone(payload));
  }

  #desk(): Desk {
    return { walls: this.#walls, can_undo: this.#past.length > 0, can_redo: this.#future.length > 0, tours: this.keeping.running(), done: this.#done };
  }

  #remember(): void {
    this.#past = [...this.#past.slice(-99), this.#walls];
    this.#future = [];
  }

  #step(from: Wall[][], to: Wall[][]): void {
    this.#moving = null;
    const step = from.pop();
    if (!step) return;
    to.push(this.#walls);
    // Open windows stay open and closed ones closed, whatever stood there then.
    this.#walls = this.#walls.map((wall) => step.find((old) => old.id === wall.id) ?? wall);
    this.#tell("desk", this.#desk());
  }

  /** Cameras connect within two beats; some never do, and now and then one is lost. */
  #beat(): void {
    this.#beats += 1;
    const open = new Set(this.#walls.flatMap((wall) => wall.slots.flatMap((slot) => slot.camera ?? [])));
    const closed = [...this.#told.keys()].filter((id) => !open.has(id));
    const cameras = [...open].flatMap((id) => this.#changed(id) ?? []);
    for (const id of closed) this.#told.delete(id);
    for (const status of cameras) this.#told.set(status.id, status);
    const live = (wall: Wall) => wall.slots.filter((slot) => this.#told.get(slot.camera ?? "")?.look === "live").length;
    const streams = [...this.#told.values()].filter((status) => status.look === "live").length;
    this.#tell("status", {
      cameras,
      closed,
      walls: this.#walls.map((wall) => ({
        id: wall.id,
        cameras: wall.slots.filter((slot) => slot.camera !== null).length,
        live: live(wall),
        pictures_per_second: live(wall) * 12.5,
        renderer: "AVX2",
      })),
      ...linksOf(this.#districts, open),
      decode_share: streams / 100,
      overloaded: false,
      sharing: this.workstations.now().status,
      streams,
      megabits_per_second: streams * 0.257,
      decoder: "CPU",
      cpu: 0.04 + streams * 0.0083,
      memory_mib: 96 + streams * 1.9,
      remembered_mib: streams * 0.9,
    });
  }

  #changed(id: Id): CameraStatus | null {
    const told = this.#told.get(id);
    const viewers = { used: 1, limit: 6 };
    if (!told) return { id, look: "waiting", text: "Đang kết nối", detail: "", profile: "sub", viewers };
    const fault = this.#faults.get(id);
    if (fault && told.look !== "dark") return { ...told, look: "dark", ...fault };
    if (told.look !== "waiting") return null;
    const number = [...id].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) % 11;
    if (number === 0) return { id, look: "dark", text: FAULTS[0]?.text ?? "", detail: FAULTS[0]?.detail ?? "", profile: "sub", viewers };
    if (number === 1) return this.#beats % 40 === 0 ? { id, look: "dark", text: FAULTS[1]?.text ?? "", detail: FAULTS[1]?.detail ?? "", profile: "sub", viewers } : null;
    return { id, look: "live", text: "", detail: "", profile: number === 2 ? "main" : "sub", viewers };
  }
}

/** `?province=54` is the real one's, any larger number a larger one. */
function inventoryFor(options: URLSearchParams): District[] {
  if (options.has("empty")) return [];
  return options.has("province") ? wholeProvince(Number(options.get("province"))) : province();
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

declare global {
  interface Window {
    fake?: Fake;
  }
}

/** One object with the methods of all parts. */
function joined<Part extends object>(...parts: Part[]): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const part of parts) {
    for (const name of [...Object.keys(part), ...Object.getOwnPropertyNames(Object.getPrototypeOf(part))]) {
      const value = (part as Record<string, unknown>)[name];
      if (typeof value === "function" && name !== "constructor") all[name] ??= value.bind(part);
    }
  }
  return all;
}

export function connect(): Backend {
  const fake = new Fake();
  window.fake = fake;
  return joined<object>(fake, fake.people, fake.records, fake.stock, fake.health, fake.keeping, fake.looking, fake.workstations, fake.steering, fake.noticing, fake.playing, fake.motion, fake.incidentBook, fake.evidence, fake.hearing) as unknown as Backend;
}
