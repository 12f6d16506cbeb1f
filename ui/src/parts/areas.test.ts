import { expect, test } from "vitest";
import { changed, MIDDLE, partOf, pointIn } from "./areas";

const BOX = { left: 100, top: 50, width: 500, height: 250 };

test("a pointer outside the picture stands at its edge", () => {
  expect(pointIn(BOX, { clientX: 350, clientY: 175 })).toEqual({ x: 500, y: 500 });
  expect(pointIn(BOX, { clientX: 0, clientY: 9999 })).toEqual({ x: 0, y: 1000 });
  expect(pointIn({ ...BOX, width: 0 }, { clientX: 350, clientY: 50 })).toEqual({ x: 0, y: 0 });
});

test("an area is the same from whichever corner it is drawn", () => {
  const area = { x: 100, y: 200, width: 300, height: 50 };
  expect(partOf({ x: 100, y: 200 }, { x: 400, y: 250 })).toEqual(area);
  expect(partOf({ x: 400, y: 250 }, { x: 100, y: 200 })).toEqual(area);
  expect(partOf({ x: 400, y: 250 }, { x: 402, y: 900 })).toBeNull();
});

test("what is typed stays inside the picture", () => {
  expect(changed(MIDDLE, { x: 900 })).toEqual({ ...MIDDLE, x: 900, width: 100 });
  expect(changed(MIDDLE, { width: 5000, height: 0 })).toEqual({ ...MIDDLE, width: 600, height: 1 });
  expect(changed(MIDDLE, { x: -4, y: 2000.4 })).toEqual({ ...MIDDLE, x: 0, y: 999, height: 1 });
});
