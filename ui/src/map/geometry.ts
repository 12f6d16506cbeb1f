// Places and outlines in degrees and on paper. The paper is flat: within one province the curve of the earth is less
// than a line is wide.

/** North, east. */
export type LatLon = [number, number];
/** From the province's middle; one unit is a degree of latitude, y grows to the south. */
export type Point = { x: number; y: number };

export type Outline = {
  /** As people call it, without "Huyện". */
  name: string;
  label: LatLon;
  /** The largest first. */
  rings: LatLon[][];
};

/** Small numbers near the middle: a browser draws paths with seven digits. */
const MIDDLE: LatLon = [9.95, 104.5];
/** Degrees of longitude are shorter than those of latitude, by this. */
const SHORTER = Math.cos((MIDDLE[0] * Math.PI) / 180);
/** Kilometres of a degree of latitude. */
export const KILOMETRES = 111.2;

export function onPaper([lat, lon]: LatLon): Point {
  return { x: (lon - MIDDLE[1]) * SHORTER, y: MIDDLE[0] - lat };
}

/** A ring through lines that begin where the last one ended; `-line` goes back along it. */
export function ring<L extends string>(lines: Record<L, readonly (readonly number[])[]>, ...way: (L | `-${L}`)[]): LatLon[] {
  return way.flatMap((name) => {
    const back = name.startsWith("-");
    const line = lines[(back ? name.slice(1) : name) as L];
    const points = (back ? line.toReversed() : line) as LatLon[];
    // The last junction is the next line's first.
    return points.slice(0, -1);
  });
}

/** Also for rings that are not closed by repeating the first point. */
export function isInside([lat, lon]: LatLon, outline: LatLon[]): boolean {
  let inside = false;
  outline.forEach(([aLat, aLon], index) => {
    const [bLat, bLon] = outline[(index + 1) % outline.length] ?? [0, 0];
    if (aLat > lat !== bLat > lat && lon < ((bLon - aLon) * (lat - aLat)) / (bLat - aLat) + aLon) inside = !inside;
  });
  return inside;
}

export type Bounds = { left: number; top: number; right: number; bottom: number };

export function boundsOf(points: Point[]): Bounds {
  return points.reduce(
    (bounds, { x, y }) => ({
      left: Math.min(bounds.left, x),
      top: Math.min(bounds.top, y),
      right: Math.max(bounds.right, x),
      bottom: Math.max(bounds.bottom, y),
    }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  );
}

/** An SVG path; five digits are a metre. */
export function pathOf(rings: LatLon[][]): string {
  return rings
    .map((each) => `M${each.map(onPaper).map(({ x, y }) => `${x.toFixed(5)} ${y.toFixed(5)}`).join("L")}Z`)
    .join("");
}
