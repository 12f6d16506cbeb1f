import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { wholeProvince } from "../ipc/fake/whole-province";
import { clustered, nearestTowards } from "./clusters";
import { boundsOf, isInside, onPaper, type LatLon, type Point } from "./geometry";
import { besideMarks } from "./label-places";
import { DISTRICTS } from "./outlines";
import { centred, fitted, held, moved, onScreen, zoomed } from "./viewport";

type Edge = [LatLon, LatLon];

const edges = (ring: LatLon[]): Edge[] => ring.map((point, index) => [point, ring[(index + 1) % ring.length] ?? point]);
const same = (a: LatLon, b: LatLon) => a[0] === b[0] && a[1] === b[1];
const side = ([aLat, aLon]: LatLon, [bLat, bLon]: LatLon, [lat, lon]: LatLon) =>
  Math.sign((bLat - aLat) * (lon - aLon) - (bLon - aLon) * (lat - aLat));

/** In a point that is inside both. */
function cross([a, b]: Edge, [c, d]: Edge): boolean {
  if ([a, b].some((end) => same(end, c) || same(end, d))) return false;
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

const bare = (name: string) => name.replace(/^(Thành phố|Huyện) /, "");

describe("outlines", () => {
  test("all districts of the province's list are there", () => {
    const csv = fileURLToPath(new URL("../../../src-tauri/crates/inventory/examples/kien-giang-sites.csv", import.meta.url));
    const rows = readFileSync(csv, "utf8").trim().split("\n").slice(1);
    const listed = new Set(rows.map((row) => bare(row.split(",")[2] ?? "")));
    expect(listed.size).toBe(14);
    const drawn = DISTRICTS.map((district) => district.name);
    expect([...listed].filter((name) => !drawn.includes(name))).toEqual([]);
    expect(new Set(drawn).size).toBe(15);
  });

  test("no ring crosses itself or another one", () => {
    const all = DISTRICTS.flatMap((district) => district.rings.map((ring, index) => ({ name: `${district.name} ${index}`, edges: edges(ring) })));
    const crossed: string[] = [];
    all.forEach((a, first) => {
      all.slice(first).forEach((b) => {
        if (a.edges.some((edge) => b.edges.some((other) => cross(edge, other)))) crossed.push(`${a.name} × ${b.name}`);
      });
    });
    expect(crossed).toEqual([]);
  });

  test("no district lies within another, and no border is drawn twice in the same direction", () => {
    const directed = new Map<string, string>();
    for (const { name, rings } of DISTRICTS) {
      for (const [from, to] of rings.flatMap(edges)) {
        const key = JSON.stringify([from, to]);
        // Neighbours that go round the same way meet along a border in opposite directions; both on one side of it
        // would lie over each other.
        expect([name, directed.get(key)]).toEqual([name, undefined]);
        directed.set(key, name);
      }
    }
    for (const { name, rings } of DISTRICTS) {
      for (const other of DISTRICTS) {
        if (other.name === name) continue;
        const within = other.rings.flat().filter((point) => {
          const shared = rings.flat().some((own) => same(own, point));
          return !shared && rings.some((ring) => isInside(point, ring));
        });
        expect([name, other.name, within]).toEqual([name, other.name, []]);
      }
    }
  });

  test("inland borders have a district on both sides or none beyond", () => {
    const all = DISTRICTS.flatMap((district) => district.rings.slice(0, 1).flatMap(edges));
    const back = new Set(all.map(([from, to]) => JSON.stringify([to, from])));
    const shared = all.filter((edge) => back.has(JSON.stringify(edge)));
    // The lines between two districts, each walked twice; a gap would leave one without its counterpart.
    expect(shared.length).toBeGreaterThan(80);
    expect(shared.length % 2).toBe(0);
  });

  test("names stand inside their district, Kiên Hải's among its islands", () => {
    for (const { name, label, rings } of DISTRICTS) {
      if (name !== "Kiên Hải") expect([name, rings.some((ring) => isInside(label, ring))]).toEqual([name, true]);
    }
  });

  test("the province's sites lie inside their district", () => {
    const strayed = wholeProvince().flatMap((district) => {
      const outline = DISTRICTS.find((each) => each.name === bare(district.name));
      return district.sites
        .filter(({ position }) => position && !outline?.rings.some((ring) => isInside([position.lat, position.lon], ring)))
        .map((site) => `${district.name}: ${site.name}`);
    });
    expect(strayed).toEqual([]);
  });
});

describe("clusters", () => {
  const at = (x: number, y: number) => ({ at: { x, y }, of: `${x},${y}` });

  test("what is near is one, what is far is not", () => {
    const made = clustered([at(0, 0), at(10, 0), at(100, 0)], 30);
    expect(made.map(({ members }) => members)).toEqual([["0,0", "10,0"], ["100,0"]]);
    expect(made[0]?.at).toEqual({ x: 5, y: 0 });
  });

  test("no two first members are nearer than the distance, and nobody is lost", () => {
    const scattered = Array.from({ length: 500 }, (_, index) => at((index * 37) % 811, (index * 71) % 503));
    const made = clustered(scattered, 30);
    expect(made.flatMap(({ members }) => members)).toHaveLength(500);
    const firsts = made.map(({ members }) => (members[0] ?? "").split(",").map(Number) as [number, number]);
    const near = firsts.filter(([x, y], index) => firsts.some(([ox, oy], other) => other > index && Math.hypot(ox - x, oy - y) < 30));
    expect(near).toEqual([]);
  });

  test("arrows lead to the nearest one ahead", () => {
    const points: Point[] = [{ x: 0, y: 0 }, { x: 50, y: 5 }, { x: 40, y: 60 }, { x: -10, y: 0 }, { x: 0, y: -30 }];
    expect(nearestTowards(points, 0, "right")).toBe(1);
    expect(nearestTowards(points, 0, "left")).toBe(3);
    expect(nearestTowards(points, 0, "up")).toBe(4);
    expect(nearestTowards(points, 0, "down")).toBe(2);
    expect(nearestTowards(points, 3, "left")).toBeNull();
  });

  test("every site of the province can be reached by arrows from the first one", () => {
    const points = wholeProvince().flatMap((district) =>
      district.sites.flatMap(({ position }) => (position ? [onPaper([position.lat, position.lon])] : [])),
    );
    const marks = clustered(points.map((point) => ({ at: { x: point.x * 480, y: point.y * 480 }, of: 0 })), 30).map((each) => each.at);
    const reached = new Set([0]);
    for (const from of reached) {
      for (const direction of ["left", "right", "up", "down"] as const) {
        const next = nearestTowards(marks, from, direction);
        if (next !== null) reached.add(next);
      }
    }
    expect(reached.size).toBe(marks.length);
  });
});

describe("the part that is seen", () => {
  const size = { width: 1000, height: 700 };
  const bounds = boundsOf(DISTRICTS.flatMap((district) => district.rings.flat().map(onPaper)));
  const whole = fitted(bounds, size);
  const close = (point: Point) => ({ x: Math.round(point.x * 1000) / 1000, y: Math.round(point.y * 1000) / 1000 });

  test("the whole fits", () => {
    for (const { rings } of DISTRICTS) {
      for (const point of rings.flat()) {
        const { x, y } = onScreen(whole, onPaper(point));
        expect(x >= 0 && y >= 0 && x <= size.width && y <= size.height).toBe(true);
      }
    }
  });

  test("zooming keeps what is under the pointer", () => {
    const around = { x: 300, y: 200 };
    const before = { x: whole.left + around.x / whole.scale, y: whole.top + around.y / whole.scale };
    const near = zoomed(whole, 3, around, whole);
    expect(near.scale).toBeCloseTo(whole.scale * 3);
    expect(close(onScreen(near, before))).toEqual(around);
    expect(zoomed(near, 0.0001, around, whole).scale).toBeCloseTo(whole.scale);
  });

  test("nobody loses the province", () => {
    const away = held(moved(zoomed(whole, 4, { x: 0, y: 0 }, whole), 1e6, -1e6), bounds, size);
    const middle = { x: away.left + 500 / away.scale, y: away.top + 350 / away.scale };
    expect(middle.x).toBeCloseTo(bounds.left);
    expect(middle.y).toBeCloseTo(bounds.bottom);
  });

  test("a site comes into the middle", () => {
    const point = onPaper([10.01, 105.08]);
    expect(close(onScreen(centred(whole, point, size, 4000), point))).toEqual({ x: 500, y: 350 });
  });
});

test("names of districts make room for marks", () => {
  const [moved, stays] = besideMarks(
    [
      { at: { x: 100, y: 100 }, width: 60 },
      { at: { x: 400, y: 100 }, width: 60 },
    ],
    [{ x: 110, y: 98 }],
  );
  expect(moved?.x).toBe(100);
  expect(Math.abs((moved?.y ?? 0) - 98)).toBeGreaterThanOrEqual(24);
  expect(stays).toEqual({ x: 400, y: 100 });
});
