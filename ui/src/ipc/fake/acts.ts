// What each act makes of a wall, as the program does it.

import type { Act, District, Id, Layout, Slot, Subject, Wall } from "../wire";
import { looked, PLAIN } from "./looking";
import { grid, merged, smallestFor, split, withBorder, type Changed } from "./layouts";

const EMPTY: Slot = { camera: null, fit: "fit", turn: "none", hotspot: false, view: PLAIN };

export function emptyWall(id: number, monitor: string | null, layout: Layout): Wall {
  return {
    id,
    monitor,
    layout,
    slots: [],
    page: 0,
    pages: 1,
    selected: null,
    enlarged: null,
    turning: null,
    pictures: "best",
  };
}

/** Acts that are not steps of their own for undo. */
export function isPassing(act: Act): boolean {
  return ["select", "enlarge", "page", "turning", "pictures"].includes(act.kind);
}

export function camerasOf(districts: District[], subject: Subject): Id[] {
  const sites = districts.flatMap((district) =>
    district.sites.map((site) => ({ district: district.name, site })),
  );
  if (subject.kind === "camera") return [subject.id];
  return sites
    .filter(({ district, site }) =>
      subject.kind === "district" ? district === subject.name : subject.kind === "recorder" || site.id === subject.id,
    )
    .flatMap(({ site }) => site.recorders)
    .filter((recorder) => subject.kind !== "recorder" || recorder.id === subject.id)
    .flatMap((recorder) => recorder.cameras.map((camera) => camera.id));
}

export function acted(wall: Wall, act: Act, districts: District[]): Wall {
  switch (act.kind) {
    case "layout":
      return relaid(wall, act.layout);
    case "place":
      return place(wall, act.at, camerasOf(districts, act.subject));
    case "overview": {
      const cameras = districts.flatMap((district) =>
        district.sites.flatMap((site) => site.recorders.flatMap((recorder) => recorder.cameras)),
      );
      const columns = Math.ceil(Math.sqrt(cameras.length));
      const layout = grid(columns, Math.ceil(cameras.length / columns));
      const slots = cameras.map((camera) => ({ ...EMPTY, camera: camera.id }));
      return tidy({ ...wall, layout, slots, page: 0, selected: null, enlarged: null });
    }
    case "clear":
      return tidy({ ...wall, slots: changed(wall, act.at, () => EMPTY) });
    case "leave_out": {
      const slots = wall.slots.filter((slot) => slot.camera === null || !act.cameras.includes(slot.camera));
      return tidy({ ...wall, slots, selected: null, enlarged: null });
    }
    case "pictures":
      return { ...wall, pictures: act.pictures };
    case "empty":
      return tidy({ ...wall, slots: [], page: 0, enlarged: null });
    case "swap":
      return swap(wall, act.a, act.b);
    case "select":
      return { ...wall, selected: act.at };
    case "enlarge":
      return tidy({ ...wall, enlarged: act.at, selected: act.at ?? wall.selected });
    case "page":
      return tidy({ ...wall, page: act.page, enlarged: null });
    case "turning":
      return { ...wall, turning: act.seconds };
    case "fit":
      return { ...wall, slots: changed(wall, act.at, (slot) => ({ ...slot, fit: act.fit })) };
    case "turn":
      return { ...wall, slots: changed(wall, act.at, (slot) => ({ ...slot, turn: act.turn })) };
    case "look":
      return { ...wall, slots: changed(wall, act.at, (slot) => ({ ...slot, view: looked(slot, act.change) })) };
    case "hotspot":
      return tidy({ ...wall, slots: changed(wall, act.at, (slot) => ({ ...slot, hotspot: act.on })) });
    case "border":
      return { ...wall, layout: withBorder(wall.layout, act.axis, act.line, act.position) };
    case "merge":
      return retiled(wall, merged(wall.layout, local(wall, act.a), local(wall, act.b)));
    case "split":
      return retiled(wall, split(wall.layout, local(wall, act.at)));
  }
}

function local(wall: Wall, at: number): number {
  return at - wall.page * wall.layout.cells.length;
}

function changed(wall: Wall, at: number, change: (slot: Slot) => Slot): Slot[] {
  const slots = [...wall.slots];
  while (slots.length <= at) slots.push(EMPTY);
  slots[at] = change(slots[at] ?? EMPTY);
  return slots;
}

/** Keeps what always holds: no empty slots at the end, the page and the enlarged camera exist. */
function tidy(wall: Wall): Wall {
  const slots = [...wall.slots];
  const used = (slot: Slot | undefined) => slot !== undefined && (slot.camera !== null || slot.hotspot);
  while (slots.length > 0 && !used(slots.at(-1))) slots.pop();
  const pages = Math.max(1, Math.ceil(slots.length / wall.layout.cells.length));
  const enlarged = wall.enlarged !== null && slots[wall.enlarged]?.camera ? wall.enlarged : null;
  return { ...wall, slots, pages, page: Math.min(Math.max(0, wall.page), pages - 1), enlarged };
}

function relaid(wall: Wall, layout: Layout): Wall {
  const kept = wall.selected ?? wall.page * wall.layout.cells.length;
  return tidy({ ...wall, layout, page: Math.floor(kept / layout.cells.length), enlarged: null });
}

function place(wall: Wall, at: number | null, cameras: Id[]): Wall {
  const slots = cameras.map((camera) => ({ ...EMPTY, camera }));
  if (at === null) {
    return tidy({ ...wall, layout: smallestFor(cameras.length), slots, page: 0, selected: 0, enlarged: null });
  }
  const all = changed(wall, at, () => EMPTY);
  all.splice(at, slots.length, ...slots);
  return tidy({ ...wall, slots: all });
}

function swap(wall: Wall, a: number, b: number): Wall {
  const slots = changed({ ...wall, slots: changed(wall, a, (slot) => slot) }, b, (slot) => slot);
  const first = slots[a] ?? EMPTY;
  slots[a] = slots[b] ?? EMPTY;
  slots[b] = first;
  return tidy({ ...wall, slots });
}

/** Slots follow their tiles; those that lost theirs stand right behind the page. */
function retiled(wall: Wall, { layout, from }: Changed): Wall {
  const tiles = wall.layout.cells.length;
  const start = wall.page * tiles;
  const page = wall.layout.cells.map((_, index) => wall.slots[start + index] ?? EMPTY);
  const kept = from.map((old) => (old === null ? EMPTY : (page[old] ?? EMPTY)));
  const lost = page.filter((slot, index) => slot.camera !== null && !from.includes(index));
  const slots = [...wall.slots.slice(0, start), ...kept, ...lost, ...wall.slots.slice(start + tiles)];
  const selected = wall.selected === null ? -1 : from.indexOf(wall.selected - start);
  return tidy({ ...wall, layout, slots, selected: selected < 0 ? wall.selected : start + selected });
}
