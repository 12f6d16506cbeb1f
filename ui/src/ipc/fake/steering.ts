// Cameras that turn while a hand pushes them. Every third one has motors; `lend` gives one to somebody else.

import type { Hands } from "../backend";
import type { Desk, Errand, Id, Notice, Push, SteerPreset, Steering, TilePoint, Turned } from "../wire";
import { Topic, wait } from "./topic";

/** As the program: nothing for so long stops the camera. */
const SILENCE = 500;
const BEAT = 100;
/** A JPEG of one colour. */
const GREY =
  "/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgoKC8oLzc3Nzc3N0E8QUNDQ0FBQUFDQ0NISEhVVVVISEhDQ0hIUF" +
  "BVVVxfXFdXVVdfX2RkZHh4c3OMjJGsrM//xABMAAEBAAAAAAAAAAAAAAAAAAAABQEBAQAAAAAAAAAAAAAAAAAAAAQQAQAAAAAAAAAAAAAAAAAA" +
  "AAARAQAAAAAAAAAAAAAAAAAAAAD/wAARCAASACADASIAAhEAAxEA/9oADAMBAAIRAxEAPwCUArRAAAAAAP/Z";
/** Degrees a second at full speed. */
const SPEED = 40;

interface Motors {
  pan: number;
  tilt: number;
  zoom: number;
  push: Push | null;
  pushed: number;
  presets: SteerPreset[];
  by: string | null;
  unlocked: boolean;
  touring: boolean;
  ours: boolean;
}

export class FakeSteering implements Hands {
  readonly #calls: [string, ...unknown[]][];
  readonly #desk: () => Desk;
  readonly #topic = new Topic<Steering[]>();
  readonly #motors = new Map<Id, Motors>();
  #looked: Id[] = [];
  #told = "";

  constructor(calls: [string, ...unknown[]][], desk: () => Desk) {
    this.#calls = calls;
    this.#desk = desk;
    setInterval(() => this.#beat(), BEAT);
  }

  onSteering = this.#topic.on;

  steerLookAt = async (cameras: Id[]): Promise<void> => {
    this.#calls.push(["steerLookAt", cameras]);
    this.#looked = cameras;
    await wait(20);
    this.#tell();
  };

  steerPush = async (camera: Id, push: Push): Promise<void> => {
    this.#calls.push(["steerPush", camera, push]);
    const motors = this.#at(camera);
    if (motors.by !== null) throw held(motors.by);
    motors.push = push;
    motors.pushed = Date.now();
    motors.ours = true;
    motors.touring = false;
    this.#tell();
  };

  steerLetGo = async (camera: Id | null): Promise<void> => {
    this.#calls.push(["steerLetGo", camera]);
    for (const [id, motors] of this.#motors) if (camera === null || camera === id) motors.push = null;
    this.#tell();
  };

  steer = async (camera: Id, errand: Errand): Promise<void> => {
    this.#calls.push(["steer", camera, errand]);
    await wait(30);
    const motors = this.#at(camera);
    const apart = ["presets", "stop", "take_over", "give_up", "unlock"].includes(errand.kind);
    if (!apart && motors.by !== null) throw held(motors.by);
    if (errand.kind === "turn") Object.assign(motors, { pan: errand.pan, tilt: errand.tilt, zoom: errand.zoom });
    if (errand.kind === "home") Object.assign(motors, { pan: 0, tilt: 0, zoom: 1 });
    if (errand.kind === "keep") {
      const token = errand.token ?? String(Math.max(0, ...motors.presets.map((preset) => Number(preset.token))) + 1);
      motors.presets = [...motors.presets.filter((preset) => preset.token !== token), { token, name: errand.name, seen_ms: Date.now() }];
    }
    if (errand.kind === "forget") motors.presets = motors.presets.filter((preset) => preset.token !== errand.token);
    if (errand.kind === "stop") motors.push = null;
    if (errand.kind === "take_over") Object.assign(motors, { by: null, ours: true });
    if (errand.kind === "give_up") motors.ours = false;
    if (errand.kind === "unlock") motors.unlocked = errand.on;
    if (errand.kind === "tour" || errand.kind === "end_tour") motors.touring = errand.kind === "tour";
    this.#tell();
  };

  steerTo = async (wall: number, at: number, from: TilePoint, to: TilePoint | null): Promise<Turned> => {
    this.#calls.push(["steerTo", wall, at, from, to]);
    const camera = this.#desk().walls.find((each) => each.id === wall)?.slots[at]?.camera;
    const motors = this.#at(camera ?? "");
    const middle = to === null ? from : { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    motors.pan = within(motors.pan + (middle.x - 0.5) * 51, 0, 350);
    motors.tilt = within(motors.tilt + (middle.y - 0.5) * 29, 0, 67);
    if (to !== null) motors.zoom = within(motors.zoom / Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 0.05), 1, 20);
    this.#tell();
    return { pose: poseOf(motors), at_limit: atLimit(motors) };
  };

  /** A grey picture: the fake has no camera. */
  presetStill = async (camera: Id, token: string): Promise<string> => {
    this.#calls.push(["presetStill", camera, token]);
    await wait(20);
    return `data:image/jpeg;base64,${GREY}`;
  };

  /** For tests: somebody at another workstation steers it, or nobody any more. */
  lend(camera: Id, by: string | null): void {
    const motors = this.#at(camera);
    Object.assign(motors, { by, ours: false, push: null });
    this.#tell();
  }

  #at(camera: Id): Motors {
    const fresh = { pan: 100, tilt: 10, zoom: 1, push: null, pushed: 0, by: null, unlocked: false, touring: false, ours: false };
    const motors = this.#motors.get(camera) ?? { ...fresh, presets: [{ token: "1", name: "Cổng chính", seen_ms: null }] };
    this.#motors.set(camera, motors);
    return motors;
  }

  #beat(): void {
    for (const motors of this.#motors.values()) {
      if (motors.push !== null && Date.now() - motors.pushed > SILENCE) motors.push = null;
      if (motors.push?.kind !== "turn") continue;
      const by = (SPEED * BEAT) / 1000 / motors.zoom;
      motors.pan = within(motors.pan + motors.push.pan * by, 0, 350);
      motors.tilt = within(motors.tilt - motors.push.tilt * by, 0, 67);
      motors.zoom = within(motors.zoom * (1 + motors.push.zoom * 0.1), 1, 20);
    }
    this.#tell();
  }

  #tell(): void {
    const told = this.#looked.map((camera) => this.#standing(camera));
    const text = JSON.stringify(told);
    if (text === this.#told) return;
    this.#told = text;
    this.#topic.tell(told);
  }

  #standing(camera: Id): Steering {
    const motors = this.#at(camera);
    const turns = [...camera].reduce((sum, character) => sum + character.charCodeAt(0), 0) % 3 === 0;
    const span = (least: number, most: number) => (turns ? { least, most } : null);
    return {
      camera,
      abilities: {
        pan: span(0, 350),
        tilt: span(0, 67),
        zoom: span(1, 20),
        presets: turns ? 255 : null,
        focus: turns,
        iris: false,
        auxiliaries: turns ? ["Wiper"] : [],
        set_up_only: false,
      },
      trouble: "",
      pose: turns ? poseOf(motors) : null,
      at_limit: turns && atLimit(motors),
      moving: motors.push === null ? "still" : "ours",
      holder: motors.by !== null ? "other" : motors.ours ? "us" : "nobody",
      by: motors.by ?? "",
      ours_to_take: motors.by !== null,
      lost_to: "",
      presets: turns ? motors.presets : null,
      touring: motors.touring,
      unlocked: motors.unlocked,
    };
  }
}

function held(by: string): Notice {
  return { level: "error", title: `${by} đang điều khiển camera này`, detail: "Bạn có thể giành quyền điều khiển." };
}

function poseOf({ pan, tilt, zoom }: Motors): { pan: number; tilt: number; zoom: number } {
  const round = (value: number) => Math.round(value * 10) / 10;
  return { pan: round(pan), tilt: round(tilt), zoom: round(zoom) };
}

function atLimit({ pan, tilt }: Motors): boolean {
  return pan <= 0 || pan >= 350 || tilt <= 0 || tilt >= 67;
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
