// Kept layouts and tours, and how a tour runs.

import type { Keeping } from "../backend";
import type { Desk, Id, RunningTour, Saved, SavedLayout, TourFields, Wall } from "../wire";
import { grid } from "./layouts";
import { PLAIN } from "./looking";
import { Topic } from "./topic";

type Calls = [string, ...unknown[]][];
type Known = { desk: () => Desk; show: (wall: number, of: Pick<Wall, "layout" | "slots">) => void; tell: () => void };
type Kept = SavedLayout & { slots: Wall["slots"] };

const slots = (...cameras: Id[]): Wall["slots"] => cameras.map((camera) => ({ camera, fit: "fit", turn: "none", hotspot: false, view: PLAIN }));

export class FakeKeeping implements Keeping {
  readonly #calls: Calls;
  readonly #known: Known;
  readonly #topic = new Topic<Saved>();
  #layouts: Kept[] = [
    { id: "L1", name: "Cổng các điểm", shared: true, own: false, cameras: 4, layout: grid(2), slots: slots("bvdk-1-1", "dhkg-1-1", "cho-1-1", "an-binh-1-1") },
    { id: "L2", name: "Bệnh viện ban đêm", shared: false, own: true, cameras: 3, layout: grid(2), slots: slots("bvdk-1-1", "bvdk-1-7", "bvdk-2-7") },
    { id: "L3", name: "<b>Chợ</b> \u202eđảo", shared: false, own: true, cameras: 9, layout: grid(3), slots: slots("cho-1-1", "cho-1-2", "cho-1-3") },
  ];
  #tours: Saved["tours"] = [
    { id: "T1", name: "Vòng đêm", shared: true, own: false, stops: [{ layout: "L1", seconds: 20 }, { layout: "L2", seconds: 30 }] },
  ];
  #running: RunningTour[] = [];
  #made = 10;

  constructor(calls: Calls, known: Known) {
    this.#calls = calls;
    this.#known = known;
  }

  running = (): RunningTour[] => this.#running;

  saved = async (): Promise<Saved> => this.#all();
  onSaved = this.#topic.on;

  saveLayout = async (wall: number, name: string, shared: boolean): Promise<void> => {
    this.#calls.push(["saveLayout", wall, name, shared]);
    if (this.#layouts.some((each) => each.own && each.name === name)) {
      throw { level: "error", title: "Tên này đã có", detail: "Chọn tên khác, hoặc xóa bố cục cũ trước." };
    }
    const shown = this.#wall(wall);
    const cameras = shown.slots.filter((slot) => slot.camera !== null).length;
    this.#layouts.push({ id: this.#id("L"), name, shared, own: true, cameras, layout: shown.layout, slots: shown.slots });
    this.#changed();
  };

  renameLayout = async (id: Id, name: string, shared: boolean): Promise<void> => {
    this.#calls.push(["renameLayout", id, name, shared]);
    this.#layouts = this.#layouts.map((each) => (each.id === id ? { ...each, name, shared } : each));
    this.#changed();
  };

  openLayout = async (wall: number, id: Id): Promise<void> => {
    this.#calls.push(["openLayout", wall, id]);
    const kept = this.#layouts.find((each) => each.id === id);
    if (kept) this.#known.show(wall, kept);
  };

  removeLayout = async (id: Id): Promise<void> => {
    this.#calls.push(["removeLayout", id]);
    this.#layouts = this.#layouts.filter((each) => each.id !== id);
    this.#tours = this.#tours.map((tour) => ({ ...tour, stops: tour.stops.filter((stop) => stop.layout !== id) }));
    this.#changed();
  };

  saveTour = async (fields: TourFields): Promise<void> => {
    this.#calls.push(["saveTour", fields]);
    const tour = { ...fields, id: fields.id ?? this.#id("T"), own: true };
    this.#tours = [...this.#tours.filter((each) => each.id !== tour.id), tour];
    this.#changed();
  };

  removeTour = async (id: Id): Promise<void> => {
    this.#calls.push(["removeTour", id]);
    this.#tours = this.#tours.filter((tour) => tour.id !== id);
    this.#changed();
  };

  startTour = async (wall: number, id: Id): Promise<void> => {
    this.#calls.push(["startTour", wall, id]);
    const tour = this.#tours.find((each) => each.id === id);
    if (!tour) return;
    const run: RunningTour = { wall, tour: id, name: tour.name, stop: 0, stops: tour.stops.length, paused: false };
    this.#running = [...this.#running.filter((each) => each.wall !== wall), run];
    const first = tour.stops[0];
    if (first) await this.openLayout(wall, first.layout);
    this.#known.tell();
  };

  pauseTour = async (wall: number, paused: boolean): Promise<void> => {
    this.#calls.push(["pauseTour", wall, paused]);
    this.#running = this.#running.map((each) => (each.wall === wall ? { ...each, paused } : each));
    this.#known.tell();
  };

  stopTour = async (wall: number): Promise<void> => {
    this.#calls.push(["stopTour", wall]);
    this.#running = this.#running.filter((each) => each.wall !== wall);
    this.#known.tell();
  };

  #all(): Saved {
    return structuredClone({ layouts: this.#layouts.map(withoutSlots), tours: this.#tours });
  }

  #changed(): void {
    this.#topic.tell(this.#all());
  }

  #id(kind: string): Id {
    this.#made += 1;
    return `${kind}${this.#made}`;
  }

  #wall(id: number): Wall {
    const wall = this.#known.desk().walls.find((each) => each.id === id);
    if (!wall) throw new Error(`no wall ${id}`);
    return wall;
  }
}

function withoutSlots({ id, name, shared, own, cameras, layout }: Kept): SavedLayout {
  return { id, name, shared, own, cameras, layout };
}
