// Searches for motion: a step forward at a time, something that moves at minutes 7, 22, 37 and 52 of every hour, nothing
// recorded where the fake recorder has its gaps. In the left upper corner of the picture nothing ever moves.

import type { Motions } from "../backend";
import type { Id, MotionFields, MotionHit, MotionMissed, MotionSearch, Notice, Period, RecordedPicture } from "../wire";
import type { Pace } from "./pace";
import { Topic, wait } from "./topic";

const STEP = 120;
const STEPS = 12;
const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;
const MOVES = [7, 22, 37, 52];
/** So long something moves. */
const LENGTH_US = 24_000_000;
/** Key frames are so far apart. */
const APART_US = 2_000_000;

export class FakeMotion implements Motions {
  readonly #calls: [string, ...unknown[]][];
  readonly #pace: Pace;
  readonly #topic = new Topic<MotionSearch[]>();
  readonly #searches = new Map<number, MotionSearch>();
  #number = 0;
  /** For tests: what the next searches come to. */
  ends: Partial<MotionSearch> | null = null;

  constructor(calls: [string, ...unknown[]][], pace: Pace) {
    this.#calls = calls;
    this.#pace = pace;
  }

  onMotion = this.#topic.on;

  motionSearches = async (): Promise<MotionSearch[]> => [...this.#searches.values()];

  searchMotion = async (wall: number, fields: MotionFields): Promise<void> => {
    this.#calls.push(["searchMotion", wall, fields]);
    await wait(20);
    if (fields.period.until <= fields.period.from) throw NO_TIME;
    this.#number += 1;
    const started: MotionSearch = { wall, number: this.#number, ...fields, state: "asking", text: "", reached: fields.period.from, looked: 0, by_recorder: false, hits: [], upheavals: [], missed: [] };
    this.#set(started);
    void this.#run(wall, this.#number);
  };

  endMotionSearch = async (wall: number, forget: boolean): Promise<void> => {
    this.#calls.push(["endMotionSearch", wall, forget]);
    const search = this.#searches.get(wall);
    if (!search) return;
    if (forget) this.#searches.delete(wall);
    else {
      const rest = { from: search.reached, until: search.period.until };
      this.#searches.set(wall, { ...search, state: "stopped", missed: [{ period: rest, not_recorded: false, text: "đã dừng tìm trước đó" }] });
    }
    this.#tell();
  };

  motionStill = async (_wall: number, camera: Id): Promise<RecordedPicture | null> => {
    this.#calls.push(["motionStill", camera]);
    await wait(30);
    return { at: Date.now() * 1000, data: drawing(30, "") };
  };

  motionPicture = async (wall: number, number: number, hit: number): Promise<RecordedPicture | null> => {
    this.#calls.push(["motionPicture", wall, number, hit]);
    await wait(30);
    const found = this.#searches.get(wall)?.hits[hit];
    if (!found) return null;
    const time = new Date(found.clearest / 1000).toLocaleTimeString("vi");
    return { at: found.clearest, data: drawing((hit * 47) % 360, time) };
  };

  /** A wall that plays no longer has no search. */
  forget(wall: number): void {
    if (this.#searches.delete(wall)) this.#tell();
  }

  async #run(wall: number, number: number): Promise<void> {
    for (let step = 1; step <= STEPS; step += 1) {
      await this.#pace.next(STEP);
      const search = this.#searches.get(wall);
      if (search?.number !== number || search.state === "stopped") return;
      const { period } = search;
      const reached = Math.round(period.from + ((period.until - period.from) * step) / STEPS);
      const looked = Math.round((reached - period.from) / APART_US);
      const over = step === STEPS;
      const missed = over ? gaps(period) : [];
      this.#set({ ...search, state: over ? "done" : "searching", reached, looked, hits: moves(search, reached), missed, ...(over ? this.ends : null) });
    }
  }

  #set(search: MotionSearch): void {
    this.#searches.set(search.wall, search);
    this.#tell();
  }

  #tell(): void {
    this.#topic.tell([...this.#searches.values()]);
  }
}

function moves({ period, area }: MotionSearch, reached: number): MotionHit[] {
  const quiet = area.length > 0 && area.every(({ x, y, width, height }) => x + width <= 200 && y + height <= 200);
  const hits: MotionHit[] = [];
  for (let hour = Math.floor(period.from / HOUR_US) * HOUR_US; hour < reached && !quiet; hour += HOUR_US) {
    for (const [index, minute] of MOVES.entries()) {
      const from = hour + minute * MINUTE_US;
      const gap = (hour / HOUR_US) % 3 === 0 && minute < 10;
      if (gap || from < period.from || from + LENGTH_US > reached) continue;
      hits.push({ period: { from, until: from + LENGTH_US }, clearest: from + LENGTH_US / 2, place: { x: 300 + index * 120, y: 420, width: 90, height: 260 } });
    }
  }
  return hits;
}

function gaps(period: Period): MotionMissed[] {
  const missed: MotionMissed[] = [];
  for (let hour = Math.floor(period.from / HOUR_US) * HOUR_US; hour < period.until; hour += HOUR_US) {
    if ((hour / HOUR_US) % 3 !== 0) continue;
    const gap = { from: Math.max(hour, period.from), until: Math.min(hour + HOUR_US / 6, period.until) };
    if (gap.from < gap.until) missed.push({ period: gap, not_recorded: true, text: "không có bản ghi" });
  }
  return missed;
}

function drawing(hue: number, text: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540" width="960" height="540"><rect width="960" height="540" fill="hsl(${hue} 22% 30%)"/><path d="M0 330 L960 270 V540 H0 Z" fill="hsl(${hue} 12% 42%)"/><circle cx="470" cy="300" r="46" fill="hsl(${hue} 30% 72%)"/><text x="480" y="490" font-size="90" fill="white" text-anchor="middle">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const NO_TIME: Notice = { level: "error", title: "Không có gì để tìm", detail: "Khoảng thời gian đã chọn chưa tới" };
