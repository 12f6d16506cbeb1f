// The board as the lines of one table: what needs somebody first, the rest by place.

import type { Board, Condition, District, Health, Language, Recorder, Site } from "../ipc/wire";
import { fold } from "../search/fold";
import { inOrder } from "../words/times";
import { needsAttention, tallied, urgency, type Tally } from "./standing";

export type Line =
  | { kind: "group"; key: string; attention: boolean; count: number }
  | { kind: "site"; key: string; site: Site; district: District; cameras: number }
  | { kind: "recorder"; key: string; recorder: Recorder; health: Health }
  | { kind: "camera"; key: string; health: Health; name: string; recorder: Recorder; site: Site; district: District };

export type CameraLine = Extract<Line, { kind: "camera" }>;

export type Filter = {
  /** Null: all. */
  district: string | null;
  /** Empty: all. */
  conditions: ReadonlySet<Condition>;
  /** Without regard to case and marks. */
  text: string;
};

export const ALL: Filter = { district: null, conditions: new Set(), text: "" };

export type Order = "attention" | "place";

const UNASKED: Omit<Health, "id"> = {
  condition: "unknown",
  text: "",
  detail: "",
  since: null,
  seen: null,
  mbps: 0,
  limit: null,
  rate: 0,
  age: null,
  decoder: "",
  clock: null,
};

/** Every camera of the inventory has a line, also while the program has not said yet how it stands. */
export function cameraLines(districts: District[], board: Board | null): CameraLine[] {
  const known = new Map(board?.cameras.map((health) => [health.id, health]));
  return districts.flatMap((district) =>
    district.sites.flatMap((site) =>
      site.recorders.flatMap((recorder) =>
        recorder.cameras.map((camera) => ({
          kind: "camera" as const,
          key: `camera/${camera.id}`,
          health: known.get(camera.id) ?? { id: camera.id, ...UNASKED },
          name: camera.name,
          recorder,
          site,
          district,
        })),
      ),
    ),
  );
}

/** What each condition's filter would leave, with all other filters applied. */
export function tally(lines: CameraLine[], filter: Filter): Tally {
  return tallied(chosen(lines, { ...filter, conditions: new Set() }).map((line) => line.health.condition));
}

export function chosen(lines: CameraLine[], filter: Filter): CameraLine[] {
  const words = fold(filter.text).split(" ").filter(Boolean);
  return lines.filter((line) => {
    if (filter.district !== null && line.district.name !== filter.district) return false;
    if (filter.conditions.size > 0 && !filter.conditions.has(line.health.condition)) return false;
    if (words.length === 0) return true;
    const text = fold(`${line.name} ${line.recorder.name} ${line.site.name} ${line.district.name} ${line.health.text}`);
    return words.every((word) => text.includes(word));
  });
}

export function boardLines(cameras: CameraLine[], board: Board | null, order: Order, language: Language): Line[] {
  const recorders = new Map(board?.recorders.map((health) => [health.id, health]));
  if (order === "place") return byPlace(cameras, recorders, "", language);
  const attention = cameras.filter((line) => needsAttention(line.health.condition));
  const calm = cameras.filter((line) => !needsAttention(line.health.condition));
  const lines: Line[] = [];
  if (attention.length > 0) {
    lines.push({ kind: "group", key: "group/attention", attention: true, count: attention.length });
    lines.push(...attention.toSorted((a, b) => mostUrgent(a, b, language)));
  }
  if (calm.length > 0) {
    lines.push({ kind: "group", key: "group/calm", attention: false, count: calm.length });
    lines.push(...byPlace(calm, recorders, "calm/", language));
  }
  return lines;
}

/** What went wrong last stands first: that is what somebody is looking for. */
function mostUrgent(a: CameraLine, b: CameraLine, language: Language): number {
  return (
    urgency(a.health.condition) - urgency(b.health.condition) ||
    (b.health.since ?? 0) - (a.health.since ?? 0) ||
    inPlace(a, b, language)
  );
}

function inPlace(a: CameraLine, b: CameraLine, language: Language): number {
  return (
    inOrder(a.district.name, b.district.name, language) ||
    inOrder(a.site.name, b.site.name, language) ||
    inOrder(a.recorder.name, b.recorder.name, language) ||
    inOrder(a.name, b.name, language)
  );
}

function byPlace(cameras: CameraLine[], recorders: Map<string, Health>, prefix: string, language: Language): Line[] {
  const lines: Line[] = [];
  let site = "";
  let recorder = "";
  const counts = new Map<string, number>();
  for (const line of cameras) counts.set(line.site.id, (counts.get(line.site.id) ?? 0) + 1);
  for (const line of cameras.toSorted((a, b) => inPlace(a, b, language))) {
    if (line.site.id !== site) {
      site = line.site.id;
      recorder = "";
      const { site: of, district } = line;
      lines.push({ kind: "site", key: `${prefix}site/${site}`, site: of, district, cameras: counts.get(site) ?? 0 });
    }
    if (line.recorder.id !== recorder) {
      recorder = line.recorder.id;
      const health = recorders.get(recorder) ?? { id: recorder, ...UNASKED };
      lines.push({ kind: "recorder", key: `${prefix}recorder/${recorder}`, recorder: line.recorder, health });
    }
    lines.push(line);
  }
  return lines;
}
