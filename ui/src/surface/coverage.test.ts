import { describe, expect, test } from "vitest";
import type { Box } from "../ipc/wire";
import { snapInward, snapOutward, surfaceOf } from "./coverage";

const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height });

describe("whole device pixels", () => {
  test("the wall inward, holes outward", () => {
    expect(snapInward(box(10.2, 10.8, 99.5, 50), 1)).toEqual(box(11, 11, 98, 49));
    expect(snapOutward(box(10.2, 10.8, 99.5, 50), 1)).toEqual(box(10, 10, 100, 51));
  });

  test("at 150 %", () => {
    const { x, width } = snapOutward(box(1, 0, 1, 1), 1.5);
    expect([x * 1.5, (x + width) * 1.5]).toEqual([1, 3]);
  });

  test("nothing is added where the box already lies on pixels, whatever the arithmetic leaves behind", () => {
    expect(snapOutward(box(100.00000000001, 0, 49.99999999999, 10), 1)).toEqual(box(100, 0, 50, 10));
    expect(snapInward(box(99.99999999999, 0, 50, 10), 1)).toEqual(box(100, 0, 50, 10));
  });
});

describe("holes", () => {
  const wall = box(100, 50, 400, 300);
  const holes = (...covers: Box[]) => surfaceOf(wall, covers, 1).holes;

  test("are clipped to the wall", () => {
    expect(holes(box(50, 20, 100, 100))).toEqual([box(100, 50, 50, 70)]);
    expect(holes(box(0, 0, 2000, 2000))).toEqual([wall]);
  });

  test("beside the wall, or of no size, are none", () => {
    expect(holes(box(0, 0, 100, 50), box(500, 50, 10, 10), box(200, 100, 0, 0))).toEqual([]);
  });

  test("within another, or the same twice, are told once", () => {
    const large = box(150, 100, 100, 100);
    expect(holes(large, box(160, 110, 10, 10), { ...large })).toEqual([large]);
  });

  test("keep one order, so that nothing is sent again for nothing", () => {
    const a = box(150, 100, 10, 10);
    const b = box(300, 100, 10, 10);
    expect(holes(a, b)).toEqual(holes(b, a));
  });
});

test("a wall that is not shown has no place", () => {
  expect(surfaceOf(null, [box(0, 0, 10, 10)], 2)).toEqual({ wall: box(0, 0, 0, 0), holes: [], scale: 2 });
});
