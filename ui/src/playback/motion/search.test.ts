import { expect, test } from "vitest";
import type { MotionSearch } from "../../ipc/wire";
import { m } from "../../paraglide/messages.js";
import { DAY, HOUR } from "../timeline";
import { foundOf, shareOf, standing, windowOf } from "./search";

const SEARCH: MotionSearch = {
  wall: 0,
  number: 1,
  camera: "a",
  period: { from: 0, until: 3600e6 },
  area: [],
  sensitivity: "medium",
  state: "searching",
  text: "",
  reached: 900e6,
  looked: 450,
  by_recorder: false,
  hits: [],
  upheavals: [],
  missed: [],
};
const HIT = { period: { from: 60e6, until: 80e6 }, clearest: 70e6, place: { x: 0, y: 0, width: 10, height: 10 } };
const PART = { period: { from: 900e6, until: 3600e6 }, not_recorded: false, text: "" };

test("no part that was not looked at is called quiet", () => {
  const done = { ...SEARCH, state: "done" as const };
  expect(standing(done)).toBe(m.page_motion_none());
  expect(standing({ ...done, missed: [{ ...PART, not_recorded: true }] })).toBe(m.page_motion_none());
  expect(standing({ ...done, missed: [PART] })).toBe(m.page_motion_none_in_part());
  expect(standing({ ...done, looked: 0 })).toBe(m.page_motion_nothing_looked());
  expect(standing({ ...done, looked: 0, by_recorder: true })).toBe(m.page_motion_none());
  expect(standing({ ...done, hits: [HIT], missed: [PART] })).toBe(m.page_motion_done());
});

test("how far it is counts time, and the end is the end wherever it stood", () => {
  expect(shareOf(SEARCH)).toBe(0.25);
  expect(shareOf({ ...SEARCH, reached: -5 })).toBe(0);
  expect(shareOf({ ...SEARCH, reached: 900e6, state: "done" })).toBe(1);
});

test("nothing of the future is searched", () => {
  const at = new Date(2026, 10, 22, 14).getTime();
  const given = { shown: { from: at - HOUR, until: at + HOUR }, at, repeat: null, own: null, now: at + HOUR / 2 };
  expect(windowOf("shown", given)).toEqual({ from: at - HOUR, until: at + HOUR / 2 });
  const midnight = new Date(2026, 10, 22).getTime();
  expect(windowOf("day", given)).toEqual({ from: midnight, until: at + HOUR / 2 });
  expect(windowOf("day", { ...given, now: at + 5 * DAY })).toEqual({ from: midnight, until: midnight + DAY });
  expect(windowOf("repeat", given)).toBeNull();
  expect(windowOf("own", { ...given, own: { from: at + HOUR, until: at + 2 * HOUR } })).toBeNull();
});

test("what was found belongs to its camera, in milliseconds", () => {
  expect(foundOf(null).size).toBe(0);
  expect([...foundOf({ ...SEARCH, hits: [HIT] })]).toEqual([["a", [{ from: 60_000, until: 80_000 }]]]);
});
