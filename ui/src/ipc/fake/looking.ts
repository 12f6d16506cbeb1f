// Views of pictures, as far as they can be had without pictures: every one is 16:9, on a tile of its own shape, and no lens
// bends it.

import type { Looking } from "../backend";
import type { CameraViews, Change, Desk, Id, KnownLens, Lens, Slot, View, Views } from "../wire";
import { Topic } from "./topic";

export const PLAIN: View = { x: 500_000, y: 500_000, zoom: 1000, rotation: 0, corrected: false };

const ASPECT = 16 / 9;
const MOST_ZOOM = 100;

type Point = { x: number; y: number };

/** What a change makes of a slot's view; see `model::view::Mapping` for all that is left out here. */
export function looked(slot: Slot, change: Change): View {
  const { view } = slot;
  switch (change.kind) {
    case "plain":
      return PLAIN;
    case "exact":
      return change.view;
    case "correct":
      return { ...view, corrected: change.on };
    case "rotate":
      return settled({ ...view, rotation: mod(Math.round(view.rotation + change.by), 360) });
    case "whole":
      return { ...view, x: PLAIN.x, y: PLAIN.y, zoom: PLAIN.zoom };
    case "pan":
      return at(view, pictureAt(view, { x: 0.5 - change.x, y: 0.5 - change.y }), view.zoom);
    case "region": {
      const middle = pictureAt(view, { x: change.x + change.width / 2, y: change.y + change.height / 2 });
      return at(view, middle, view.zoom / Math.max(change.width, change.height));
    }
    case "zoom": {
      const zoom = limited(view.zoom * change.factor);
      const fixed = pictureAt(view, change);
      const share = view.zoom / zoom;
      const centre = { x: view.x / 1e6, y: view.y / 1e6 };
      return at(view, { x: fixed.x - (fixed.x - centre.x) * share, y: fixed.y - (fixed.y - centre.y) * share }, zoom);
    }
  }
}

/** The point of the picture at a point of the tile, both in shares. */
function pictureAt(view: View, tile: Point): Point {
  const angle = (view.rotation * Math.PI) / 180;
  const scale = view.zoom / 1000;
  const [x, y] = [((tile.x - 0.5) * ASPECT) / scale, (tile.y - 0.5) / scale];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return { x: view.x / 1e6 + (x * cos + y * sin) / ASPECT, y: view.y / 1e6 + (y * cos - x * sin) };
}

function at(view: View, centre: Point, zoom: number): View {
  return settled({ ...view, x: centre.x * 1e6, y: centre.y * 1e6, zoom: limited(zoom) });
}

/** The tile stays over the picture. */
function settled(view: View): View {
  const room = 0.5 - 500 / view.zoom;
  const within = (share: number) => Math.round(Math.min(Math.max(share, (0.5 - room) * 1e6), (0.5 + room) * 1e6));
  return { ...view, x: within(view.x), y: within(view.y) };
}

function limited(zoom: number): number {
  return Math.round(Math.min(Math.max(zoom, 1000), MOST_ZOOM * 1000));
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** A movement is taken back as one. */
export function isMovement(change: Change): boolean {
  return change.kind === "zoom" || change.kind === "pan" || change.kind === "region";
}

const WIDE: KnownLens = {
  name: "wide-outdoor",
  lens: { horizontal: 1016, vertical: 541, projection: "f_theta", distortion: 79 },
};

export class FakeLooking implements Looking {
  readonly #calls: [string, ...unknown[]][];
  readonly #desk: () => Desk;
  readonly #topic = new Topic<Views>();
  readonly #cameras = new Map<Id, CameraViews>();
  #made = 0;

  constructor(calls: [string, ...unknown[]][], desk: () => Desk) {
    this.#calls = calls;
    this.#desk = desk;
    this.#of("cho-1-1").lens = WIDE.lens;
  }

  views = async (): Promise<Views> => structuredClone(this.#all());
  onViews = this.#topic.on;

  keepView = async (wall: number, slot: number, name: string): Promise<void> => {
    this.#calls.push(["keepView", wall, slot, name]);
    const shown = this.#desk().walls.find((each) => each.id === wall)?.slots[slot];
    if (!shown?.camera) throw { level: "error", title: "Không làm được", detail: "Ô này chưa có camera." };
    const of = this.#of(shown.camera);
    const known = of.presets.find((preset) => preset.name === name);
    this.#made += 1;
    if (known) known.view = shown.view;
    else of.presets.push({ id: `${this.#made}`, name, own: true, view: shown.view });
    this.#topic.tell(this.#all());
  };

  removeView = async (camera: Id, id: Id): Promise<void> => {
    this.#calls.push(["removeView", camera, id]);
    const of = this.#of(camera);
    of.presets = of.presets.filter((preset) => preset.id !== id);
    this.#topic.tell(this.#all());
  };

  setLens = async (camera: Id, lens: Lens | null): Promise<void> => {
    this.#calls.push(["setLens", camera, lens]);
    const of = this.#of(camera);
    of.by_hand = lens !== null;
    of.lens = lens ?? (camera === "cho-1-1" ? WIDE.lens : null);
    this.#topic.tell(this.#all());
  };

  #of(camera: Id): CameraViews {
    const known = this.#cameras.get(camera);
    if (known) return known;
    const made: CameraViews = { camera, presets: [], lens: null, by_hand: false };
    this.#cameras.set(camera, made);
    return made;
  }

  #all(): Views {
    return { cameras: [...this.#cameras.values()], lenses: [WIDE] };
  }
}
