// Walls that play: a clock and spans by the hour, with gaps and motion; pictures there are none.

import type { Playbacks } from "../backend";
import type { DayHeld, Desk, Id, Notice, Period, PlayAct, Playback, PlayStanding, Recorded, RecordedPicture } from "../wire";
import { Topic, wait } from "./topic";

const BEAT = 200;
const HOUR_US = 3_600_000_000;
/** One picture. */
const FRAME_US = 40_000;
const MOST = 16;

type Clock = { at: number; rate: number; chosen: number; looked: number; repeat: Period | null };

export class FakePlayback implements Playbacks {
  readonly #calls: [string, ...unknown[]][];
  readonly #desk: () => Desk;
  readonly #ended: (wall: number) => void;
  readonly #topic = new Topic<Playback[]>();
  readonly #clocks = new Map<number, Clock>();
  /** Cameras that stand still by themselves, and where. */
  readonly #held = new Map<Id, number>();
  /** For tests: how cameras stand instead. */
  readonly #standings = new Map<Id, PlayStanding>();

  constructor(calls: [string, ...unknown[]][], desk: () => Desk, ended: (wall: number) => void) {
    this.#calls = calls;
    this.#desk = desk;
    this.#ended = ended;
    setInterval(() => this.#clocks.size > 0 && this.#tell(), BEAT);
  }

  onPlayback = this.#topic.on;

  playback = async (): Promise<Playback[]> => this.#told();

  startPlayback = async (wall: number, at: number): Promise<void> => {
    this.#calls.push(["startPlayback", wall, at]);
    await wait(20);
    if (this.#cameras(wall).length === 0) throw NOTHING;
    const clock = this.#clocks.get(wall);
    if (clock) clock.at = at;
    else this.#clocks.set(wall, { at, rate: 0, chosen: 1, looked: Date.now(), repeat: null });
    this.#tell();
  };

  play = async (wall: number, act: PlayAct): Promise<void> => {
    this.#calls.push(["play", wall, act]);
    const clock = this.#clocks.get(wall);
    if (!clock) throw NOTHING;
    this.#run(clock);
    if (act.kind === "seek") clock.at = Math.min(act.at, Date.now() * 1000);
    if (act.kind === "play") clock.rate = clock.chosen = act.rate;
    if (act.kind === "repeat") clock.repeat = act.period;
    if (act.kind === "hold" && act.held) this.#held.set(act.camera, clock.at);
    if (act.kind === "hold" && !act.held) this.#held.delete(act.camera);
    if (act.kind === "pause" || act.kind === "step") clock.rate = 0;
    if (act.kind === "step") clock.at += act.back ? -FRAME_US : FRAME_US;
    this.#tell();
  };

  endPlayback = async (wall: number): Promise<void> => {
    this.#calls.push(["endPlayback", wall]);
    this.#clocks.delete(wall);
    this.#ended(wall);
    this.#tell();
  };

  /** Always, but for ten minutes after each third hour; motion in the first five minutes of every hour. */
  recorded = async (camera: Id, period: Period): Promise<Recorded[]> => {
    this.#calls.push(["recorded", camera, period]);
    await wait(30);
    const spans: Recorded[] = [];
    const until = Math.min(period.until, Date.now() * 1000);
    for (let at = Math.floor(period.from / HOUR_US) * HOUR_US; at < until; at += HOUR_US) {
      const gap = (at / HOUR_US) % 3 === 0 ? HOUR_US / 6 : 0;
      spans.push({ period: { from: at + gap, until: Math.min(at + HOUR_US, until) }, why: "continuous", overlap: 0 });
      if (gap === 0) spans.push({ period: { from: at, until: Math.min(at + HOUR_US / 12, until) }, why: "motion", overlap: 0 });
    }
    return spans;
  };

  /** Fifteen days back; what moved is known once somebody has searched. Of every fifth day nothing is known before that. */
  recordedDays = async (camera: Id, days: Period[], thorough: boolean): Promise<DayHeld[]> => {
    this.#calls.push(["recordedDays", camera, days, thorough]);
    await wait(30);
    const now = Date.now() * 1000;
    return days.map(({ from, until }) => {
      if (from > now || until < now - 15 * 24 * HOUR_US) return "nothing";
      const date = new Date(from / 1000).getDate();
      if (!thorough) return date % 5 === 0 ? "unknown" : "footage";
      return date % 7 === 0 ? "nothing" : date % 3 === 0 ? "footage" : "motion";
    });
  };

  /** A key frame every two seconds, with its time of day in it. */
  recordedPicture = async (wall: number, camera: Id, at: number, withinMs: number): Promise<RecordedPicture | null> => {
    this.#calls.push(["recordedPicture", wall, camera, at, withinMs]);
    await wait(30);
    const taken = Math.floor(at / 2_000_000) * 2_000_000;
    const hue = Math.floor(taken / 60_000_000) % 360;
    const clock = new Date(taken / 1000).toLocaleTimeString("vi");
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 135"><rect width="240" height="135" fill="hsl(${hue} 30% 35%)"/><text x="120" y="75" font-size="28" fill="white" text-anchor="middle">${clock}</text></svg>`;
    return { at: taken, data: `data:image/svg+xml,${encodeURIComponent(drawing)}` };
  };

  /** For tests. */
  stand(camera: Id, standing: PlayStanding): void {
    this.#standings.set(camera, standing);
    this.#tell();
  }

  #cameras(wall: number): Id[] {
    const slots = this.#desk().walls.find((each) => each.id === wall)?.slots ?? [];
    return slots.flatMap((slot) => slot.camera ?? []).slice(0, MOST);
  }

  #run(clock: Clock): void {
    const now = Date.now();
    clock.at = Math.min(clock.at + (now - clock.looked) * 1000 * clock.rate, now * 1000);
    clock.looked = now;
  }

  #told(): Playback[] {
    return [...this.#clocks].map(([wall, clock]) => {
      this.#run(clock);
      const { at, rate, chosen, repeat } = clock;
      const cameras = this.#cameras(wall).map((camera) => {
        const standing = this.#standings.get(camera) ?? "shown";
        const held = this.#held.get(camera);
        return {
          camera,
          shown: standing === "shown" ? Math.round(held ?? at) : null,
          standing,
          text: standing === "refused" ? "Thiết bị không cho xem lại" : "",
          held: held !== undefined,
        };
      });
      return { wall, at: Math.round(at), rate, chosen, waits: false, repeat, cameras };
    });
  }

  #tell(): void {
    this.#topic.tell(this.#told());
  }
}

const NOTHING: Notice = { level: "error", title: "Không có gì để xem lại", detail: "Trang này của tường không có camera" };
