// Where the tiles of a layout lie. The native wall rounds in the same way, so that what the page hits under the
// pointer is what is drawn there.

import type { Box, Cell, Layout } from "../ipc/wire";

/** Device pixels between neighbouring tiles. */
const GAP = 2;

export type Direction = "left" | "right" | "up" | "down";

export type Border = {
  axis: "column" | "row";
  /** The border lies before this column or row (1…n-1). */
  line: number;
  /** Share of the wall before it, 0–1. */
  position: number;
  /** Where along it tiles are parted, from and to in shares of the wall; between them a tile spans it. */
  parts: [number, number][];
};

/** Where each line begins, in device pixels, and behind the last one where the next would. */
function edges(weights: number[], length: number): number[] {
  const total = sum(weights);
  let before = 0;
  return [0, ...weights.map((weight) => Math.floor(((before += weight) * (length + GAP)) / total))];
}

function sum(weights: number[]): number {
  return weights.reduce((total, weight) => total + weight, 0);
}

/** The tiles' boxes in CSS pixels from the wall's upper left corner, in the layout's order. */
export function tileBoxes(layout: Layout, width: number, height: number, scale: number): Box[] {
  const columns = edges(layout.columns, Math.round(width * scale));
  const rows = edges(layout.rows, Math.round(height * scale));
  const length = (lines: number[], first: number, count: number) =>
    Math.max(1, (lines[first + count] ?? 0) - (lines[first] ?? 0) - GAP);
  return layout.cells.map((cell) => ({
    x: (columns[cell.column] ?? 0) / scale,
    y: (rows[cell.row] ?? 0) / scale,
    width: length(columns, cell.column, cell.columns) / scale,
    height: length(rows, cell.row, cell.rows) / scale,
  }));
}

/** The box under a point; a point in a gap belongs to no tile. */
export function boxAt(boxes: Box[], x: number, y: number): number | null {
  const index = boxes.findIndex(
    (box) => x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height,
  );
  return index < 0 ? null : index;
}

type Span = { first: number; count: number };

const along = (cell: Cell, axis: "column" | "row"): Span =>
  axis === "column" ? { first: cell.column, count: cell.columns } : { first: cell.row, count: cell.rows };

/** The tile that a person means by "the next one to the right": nearest first, then the one at half height. */
export function neighbour(layout: Layout, tile: number, direction: Direction): number | null {
  const from = layout.cells[tile];
  if (!from) return null;
  const axis = direction === "left" || direction === "right" ? "column" : "row";
  const across = axis === "column" ? "row" : "column";
  const forward = direction === "right" || direction === "down";
  const start = along(from, axis);
  const side = along(from, across);
  const middle = side.first + side.count / 2;
  let best: { tile: number; distance: number; off: number } | null = null;
  layout.cells.forEach((cell, index) => {
    const span = along(cell, axis);
    const distance = forward
      ? span.first - (start.first + start.count)
      : start.first - (span.first + span.count);
    const other = along(cell, across);
    const beside = other.first < side.first + side.count && side.first < other.first + other.count;
    if (distance < 0 || !beside) return;
    const off = other.first <= middle && middle < other.first + other.count ? 0 : 1;
    if (!best || distance < best.distance || (distance === best.distance && off < best.off)) {
      best = { tile: index, distance, off };
    }
  });
  return (best as { tile: number } | null)?.tile ?? null;
}

/** The borders that can be moved: those that part at least two tiles. */
export function borders(layout: Layout): Border[] {
  return (["column", "row"] as const).flatMap((axis) => {
    const positions = shares(axis === "column" ? layout.columns : layout.rows);
    const across = shares(axis === "column" ? layout.rows : layout.columns);
    return positions.slice(1, -1).flatMap((position, index) => {
      const line = index + 1;
      const parts = partedAlong(layout, axis, line, across);
      return parts.length > 0 ? [{ axis, line, position, parts }] : [];
    });
  });
}

/** Where each line begins as a share of the wall, and the end. */
function shares(weights: number[]): number[] {
  const total = sum(weights);
  let before = 0;
  return [0, ...weights.map((weight) => (before += weight) / total)];
}

function partedAlong(layout: Layout, axis: "column" | "row", line: number, across: number[]): [number, number][] {
  const other = axis === "column" ? "row" : "column";
  const behind = layout.cells
    .filter((cell) => along(cell, axis).first === line)
    .map((cell) => along(cell, other))
    .sort((a, b) => a.first - b.first);
  return behind.reduce<[number, number][]>((parts, { first, count }) => {
    const [from, to] = [across[first] ?? 0, across[first + count] ?? 1];
    const last = parts.at(-1);
    if (last && last[1] === from) last[1] = to;
    else parts.push([from, to]);
    return parts;
  }, []);
}

/** How far the border may move: each neighbouring line keeps a twentieth of the wall. */
export function borderRange(layout: Layout, axis: "column" | "row", line: number): [number, number] {
  const weights = axis === "column" ? layout.columns : layout.rows;
  const total = sum(weights);
  const least = 0.05;
  const low = sum(weights.slice(0, line - 1)) / total + least;
  const high = sum(weights.slice(0, line + 1)) / total - least;
  return low <= high ? [low, high] : [(low + high) / 2, (low + high) / 2];
}

export function sameLayout(a: Layout, b: Layout): boolean {
  const division = (weights: number[]) => weights.map((weight) => Math.round((weight / sum(weights)) * 1e4)).join();
  return (
    division(a.columns) === division(b.columns) &&
    division(a.rows) === division(b.rows) &&
    a.cells.length === b.cells.length &&
    a.cells.every((cell, index) => {
      const other = b.cells[index];
      return (
        other !== undefined &&
        cell.column === other.column &&
        cell.row === other.row &&
        cell.columns === other.columns &&
        cell.rows === other.rows
      );
    })
  );
}
