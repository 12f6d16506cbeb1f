// The operations on layouts, as the program does them.

import type { Cell, Layout, Preset } from "../wire";

export function grid(columns: number, rows = columns): Layout {
  const cells: Cell[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) cells.push({ column, row, columns: 1, rows: 1 });
  }
  return { columns: Array<number>(columns).fill(1), rows: Array<number>(rows).fill(1), cells };
}

function withLarge(side: number, large: number): Layout {
  const { cells, ...lines } = grid(side);
  const small = cells.filter((cell) => cell.column >= large || cell.row >= large);
  return { ...lines, cells: inOrder([{ column: 0, row: 0, columns: large, rows: large }, ...small]) };
}

export function presets(): Preset[] {
  const grids = Array.from({ length: 8 }, (_, index) => ({ name: `${index + 1}×${index + 1}`, layout: grid(index + 1) }));
  return [
    ...grids,
    { name: "1+5", layout: withLarge(3, 2) },
    { name: "1+7", layout: withLarge(4, 3) },
    { name: "1+12", layout: withLarge(4, 2) },
  ];
}

export function smallestFor(count: number): Layout {
  return grid(Math.min(8, Math.max(1, Math.ceil(Math.sqrt(count)))));
}

function inOrder(cells: Cell[]): Cell[] {
  return [...cells].sort((a, b) => a.row - b.row || a.column - b.column);
}

const overlap = (a: Cell, b: Cell) =>
  a.column < b.column + b.columns &&
  b.column < a.column + a.columns &&
  a.row < b.row + b.rows &&
  b.row < a.row + a.rows;

function around(cells: Cell[]): Cell {
  const column = Math.min(...cells.map((cell) => cell.column));
  const row = Math.min(...cells.map((cell) => cell.row));
  const right = Math.max(...cells.map((cell) => cell.column + cell.columns));
  const bottom = Math.max(...cells.map((cell) => cell.row + cell.rows));
  return { column, row, columns: right - column, rows: bottom - row };
}

/** The layout, and which of the old tiles each new one continues. */
export type Changed = { layout: Layout; from: (number | null)[] };

export function merged(layout: Layout, a: number, b: number): Changed {
  const first = layout.cells[a];
  const second = layout.cells[b];
  if (!first || !second) return { layout, from: layout.cells.map((_, index) => index) };
  let whole = around([first, second]);
  for (;;) {
    const touched = around([whole, ...layout.cells.filter((cell) => overlap(cell, whole))]);
    if (touched.columns === whole.columns && touched.rows === whole.rows) break;
    whole = touched;
  }
  const cells = inOrder([whole, ...layout.cells.filter((cell) => !overlap(cell, whole))]);
  const from = cells.map((cell) => (cell === whole ? Math.min(a, b) : layout.cells.indexOf(cell)));
  return { layout: { ...layout, cells }, from };
}

export function split(layout: Layout, at: number): Changed {
  const target = layout.cells[at];
  if (!target) return { layout, from: layout.cells.map((_, index) => index) };
  if (target.columns === 1 && target.rows === 1) return split(doubled(layout, target), at);
  const parts: Cell[] = [];
  for (let row = 0; row < target.rows; row += 1) {
    for (let column = 0; column < target.columns; column += 1) {
      parts.push({ column: target.column + column, row: target.row + row, columns: 1, rows: 1 });
    }
  }
  const cells = inOrder([...layout.cells.filter((cell) => cell !== target), ...parts]);
  const from = cells.map((cell) => {
    if (cell === parts[0]) return at;
    const old = layout.cells.indexOf(cell);
    return old < 0 ? null : old;
  });
  return { layout: { ...layout, cells }, from };
}

/** The lines of a single square become two each; all that cross them span one more. */
function doubled(layout: Layout, target: Cell): Layout {
  const double = (weights: number[], line: number) =>
    weights.flatMap((weight, index) => (index === line ? [weight, weight] : [2 * weight]));
  const stretch = (first: number, count: number, line: number): [number, number] => [
    first > line ? first + 1 : first,
    first <= line && line < first + count ? count + 1 : count,
  ];
  return {
    columns: double(layout.columns, target.column),
    rows: double(layout.rows, target.row),
    cells: layout.cells.map((cell) => {
      const [column, columns] = stretch(cell.column, cell.columns, target.column);
      const [row, rows] = stretch(cell.row, cell.rows, target.row);
      return { column, columns, row, rows };
    }),
  };
}

export function withBorder(layout: Layout, axis: "column" | "row", line: number, position: number): Layout {
  const weights = axis === "column" ? layout.columns : layout.rows;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const before = weights.slice(0, line - 1).reduce((sum, weight) => sum + weight, 0) / total;
  const pair = ((weights[line - 1] ?? 0) + (weights[line] ?? 0)) / total;
  const least = Math.min(0.05, pair / 2);
  const first = Math.min(Math.max(position - before, least), pair - least);
  const scaled = weights.map((weight) => Math.round((weight / total) * 10_000));
  scaled[line - 1] = Math.round(first * 10_000);
  scaled[line] = Math.round((pair - first) * 10_000);
  return axis === "column" ? { ...layout, columns: scaled } : { ...layout, rows: scaled };
}
