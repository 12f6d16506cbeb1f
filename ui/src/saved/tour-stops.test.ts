import { expect, test } from "vitest";
import { added, lasts, movedTo, numbered, toursThrough, without, withSeconds } from "./tour-stops";

const stops = numbered([
  { layout: "a", seconds: 10 },
  { layout: "b", seconds: 20 },
  { layout: "a", seconds: 30 },
]);
const order = (all: { key: number }[]) => all.map((stop) => stop.key);

test("moved within the ends", () => {
  expect(order(movedTo(stops, 0, 2))).toEqual([1, 2, 0]);
  expect(order(movedTo(stops, 2, -5))).toEqual([2, 0, 1]);
  expect(movedTo(stops, 2, 9)).toBe(stops);
  expect(movedTo(stops, 7, 0)).toBe(stops);
});

test("the same layout may come twice, with a key of its own each time", () => {
  const more = added(without(stops, 1), "a");
  expect(order(more)).toEqual([0, 2, 3]);
  expect(more.at(-1)?.seconds).toBe(30);
  expect(withSeconds(more, 3, 45).map((stop) => stop.seconds)).toEqual([10, 30, 45]);
  expect(added([], "b")).toEqual([{ layout: "b", seconds: 20, key: 0 }]);
});

test("how long a stop may last", () => {
  expect([2, 3, 3600, 3601, 4.5, NaN].map(lasts)).toEqual([false, true, true, false, false, false]);
});

test("which tours a layout is part of", () => {
  const tour = { id: "t", name: "Vòng đêm", shared: false, own: true, stops: [{ layout: "a", seconds: 10 }] };
  expect([toursThrough({ layouts: [], tours: [tour] }, "a"), toursThrough({ layouts: [], tours: [tour] }, "b")]).toEqual([["Vòng đêm"], []]);
});
