// Finds sites and cameras by words in any order: of the camera's name, its site's and its district's.

import type { District, Subject } from "../ipc/wire";
import { fold, foldWithOrigin, marked, type Folded } from "./fold";

export type Entry = {
  kind: "site" | "camera";
  id: string;
  name: string;
  /** The camera's site; a site's district. */
  place: string;
  /** Cameras of a site; 1 for a camera. */
  cameras: number;
};

export function subjectOf(entry: Entry): Subject {
  return { kind: entry.kind, id: entry.id };
}

/** Stretch of a name that matched, in UTF-16 units of the original. */
export type Stretch = { from: number; to: number };

export type Hit = { entry: Entry; stretches: Stretch[] };

type Indexed = {
  entry: Entry;
  name: Folded;
  /** What stands behind the name: site and district, folded. */
  context: string;
  /** Name and context with their marks. */
  marked: string;
};

export type Index = Indexed[];

export function indexed(districts: District[]): Index {
  const sites: Index = [];
  const cameras: Index = [];
  for (const district of districts) {
    for (const site of district.sites) {
      const all = site.recorders.flatMap((recorder) => recorder.cameras);
      sites.push(index({ kind: "site", id: site.id, name: site.name, place: district.name, cameras: all.length }));
      for (const camera of all) {
        const entry: Entry = { kind: "camera", id: camera.id, name: camera.name, place: site.name, cameras: 1 };
        cameras.push(index(entry, district.name));
      }
    }
  }
  // Equal ranks keep this order: sites before cameras.
  return [...sites, ...cameras];
}

function index(entry: Entry, district = ""): Indexed {
  const context = `${entry.place} ${district}`;
  return {
    entry,
    name: foldWithOrigin(entry.name),
    context: fold(context),
    marked: marked(`${entry.name} ${context}`),
  };
}

type Token = { plain: string; marked: string; hasMarks: boolean };

const NOWHERE = 9;

/** Where in `text` the token stands: 0 at the beginning, 1 at a word's, 2 inside. */
function standing(text: string, token: string): number {
  if (text.startsWith(token)) return 0;
  let best = NOWHERE;
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return 1;
    best = 2;
  }
  return best;
}

/** Lower is better; null does not match. Marks that were typed and are there outweigh the place of the match. */
function rank(item: Indexed, tokens: Token[]): number | null {
  let total = 0;
  for (const token of tokens) {
    let place = standing(item.name.plain, token.plain);
    if (place === NOWHERE) {
      const behind = standing(item.context, token.plain);
      if (behind === NOWHERE) return null;
      place = 3 + behind;
    }
    total += place;
    if (token.hasMarks && !item.marked.includes(token.marked)) total += 100;
  }
  return total;
}

/** All entries that match, best first; nothing for an empty query. */
export function search(index: Index, query: string): Hit[] {
  const tokens = tokensOf(query);
  if (tokens.length === 0) return [];
  const whole = fold(query);
  const found: { item: Indexed; rank: number; order: number }[] = [];
  index.forEach((item, order) => {
    const value = rank(item, tokens);
    // The words as typed, one behind the other at the name's beginning, are what was meant.
    if (value !== null) found.push({ item, order, rank: item.name.plain.startsWith(whole) ? value - 50 : value });
  });
  found.sort((a, b) => a.rank - b.rank || a.order - b.order);
  return found.map(({ item }) => ({ entry: item.entry, stretches: stretches(item.name, tokens) }));
}

function tokensOf(query: string): Token[] {
  return marked(query)
    .split(" ")
    .map((word) => ({ plain: fold(word), marked: word, hasMarks: fold(word) !== word }))
    .filter((token) => token.plain !== "");
}

/** What of the name to highlight: for each word its best place, merged where they touch. */
function stretches(name: Folded, tokens: Token[]): Stretch[] {
  const found: Stretch[] = [];
  for (const { plain } of tokens) {
    let at = name.plain.indexOf(plain);
    for (let next = at; next >= 0; next = name.plain.indexOf(plain, next + 1)) {
      if (next === 0 || name.plain[next - 1] === " ") {
        at = next;
        break;
      }
    }
    if (at < 0) continue;
    found.push({ from: name.origin[at] ?? 0, to: name.origin[at + plain.length] ?? 0 });
  }
  found.sort((a, b) => a.from - b.from);
  return found.reduce<Stretch[]>((merged, stretch) => {
    const last = merged.at(-1);
    if (last && stretch.from <= last.to) last.to = Math.max(last.to, stretch.to);
    else merged.push({ ...stretch });
    return merged;
  }, []);
}
