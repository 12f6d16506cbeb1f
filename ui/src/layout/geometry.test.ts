import { describe, expect, test } from "vitest";
import { grid, presets, split } from "../ipc/fake/layouts";
import type { Layout } from "../ipc/wire";
import { borderRange, borders, boxAt, neighbour, sameLayout, tileBoxes } from "./geometry";

const preset = (name: string): Layout => presets().find((each) => each.name === name)?.layout ?? grid(1);

describe("boxes", () => {
  test("outer edges meet the wall's, two pixels between neighbours", () => {
    const boxes = tileBoxes(grid(3), 1000, 700, 1);
    expect(boxes[0]).toEqual({ x: 0, y: 0, width: 332, height: 232 });
    expect(boxes[1]?.x).toBe(334);
    expect((boxes[8]?.x ?? 0) + (boxes[8]?.width ?? 0)).toBe(1000);
    expect((boxes[8]?.y ?? 0) + (boxes[8]?.height ?? 0)).toBe(700);
  });

  test.each([1, 1.25, 1.5, 2])("whole device pixels at scale %f, never overlapping", (scale) => {
    for (const { layout } of presets()) {
      const width = 1377 / scale;
      const boxes = tileBoxes(layout, width, 801 / scale, scale);
      for (const box of boxes) {
        for (const edge of [box.x, box.y, box.width, box.height]) {
          expect(Math.abs(edge * scale - Math.round(edge * scale))).toBeLessThan(1e-6);
        }
        expect(box.x + box.width).toBeLessThanOrEqual(width + 1e-6);
      }
      boxes.forEach((a, i) =>
        boxes.slice(i + 1).forEach((b) => {
          const apart =
            a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
          expect(apart).toBe(true);
        }),
      );
    }
  });

  test("weights divide the wall", () => {
    const layout = { ...grid(2, 1), columns: [3, 1] };
    expect(tileBoxes(layout, 398, 100, 1).map((box) => box.width)).toEqual([298, 98]);
  });
});

describe("hit test", () => {
  const boxes = tileBoxes(preset("1+5"), 900, 600, 1);
  test("inside, in the gap, outside", () => {
    expect(boxAt(boxes, 5, 5)).toBe(0);
    expect(boxAt(boxes, 500, 300)).toBe(0);
    expect(boxAt(boxes, 899, 599)).toBe(5);
    const first = boxes[0] ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(boxAt(boxes, first.width + 0.5, 5)).toBeNull();
    expect(boxAt(boxes, -1, 5)).toBeNull();
    expect(boxAt(boxes, 5, 600)).toBeNull();
  });
});

describe("neighbours", () => {
  test("in a grid", () => {
    expect(neighbour(grid(3), 4, "left")).toBe(3);
    expect(neighbour(grid(3), 4, "right")).toBe(5);
    expect(neighbour(grid(3), 4, "up")).toBe(1);
    expect(neighbour(grid(3), 4, "down")).toBe(7);
    expect(neighbour(grid(3), 2, "right")).toBeNull();
    expect(neighbour(grid(3), 0, "up")).toBeNull();
  });

  test("around a tile that spans", () => {
    const layout = preset("1+5"); // 0 large; 1, 2 beside; 3, 4, 5 below
    expect(neighbour(layout, 0, "right")).toBe(2);
    expect(neighbour(layout, 0, "down")).toBe(4);
    expect(neighbour(layout, 1, "left")).toBe(0);
    expect(neighbour(layout, 2, "left")).toBe(0);
    expect(neighbour(layout, 4, "up")).toBe(0);
    expect(neighbour(layout, 5, "up")).toBe(2);
  });

  test("every tile can be reached by arrows, in every ready-made layout and in split ones", () => {
    const layouts = [...presets().map((each) => each.layout), split(preset("1+7"), 3).layout, split(grid(2), 1).layout];
    for (const layout of layouts) {
      const reached = new Set([0]);
      for (const tile of reached) {
        for (const direction of ["left", "right", "up", "down"] as const) {
          const next = neighbour(layout, tile, direction);
          if (next !== null) reached.add(next);
        }
      }
      expect(reached.size).toBe(layout.cells.length);
    }
  });
});

describe("borders", () => {
  test("only those that part tiles", () => {
    expect(borders(grid(1))).toEqual([]);
    expect(borders(grid(2)).map(({ axis, line, position }) => [axis, line, position])).toEqual([
      ["column", 1, 0.5],
      ["row", 1, 0.5],
    ]);
    const whole = { ...grid(2), cells: [{ column: 0, row: 0, columns: 2, rows: 1 }, { column: 0, row: 1, columns: 2, rows: 1 }] };
    expect(borders(whole).map((border) => border.axis)).toEqual(["row"]);
  });

  test("are there only where they part tiles", () => {
    const [first, second] = borders(preset("1+5")); // columns; the large tile spans the first border
    expect(first?.parts).toEqual([[2 / 3, 1]]);
    expect(second?.parts).toEqual([[0, 1]]);
  });

  test("keep a twentieth of the wall on both sides", () => {
    expect(borderRange(grid(2), "column", 1)).toEqual([0.05, 0.95]);
    const [low, high] = borderRange(grid(4), "row", 2);
    expect(low).toBeCloseTo(0.3);
    expect(high).toBeCloseTo(0.7);
  });
});

test("the same layout by other weights", () => {
  expect(sameLayout(grid(3), { ...grid(3), columns: [5, 5, 5] })).toBe(true);
  expect(sameLayout(grid(3), { ...grid(3), columns: [5, 5, 6] })).toBe(false);
  expect(sameLayout(grid(3), grid(4))).toBe(false);
  expect(sameLayout(preset("1+5"), grid(3))).toBe(false);
});
