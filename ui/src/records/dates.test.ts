import { describe, expect, test } from "vitest";
import { readDate, spanOf, writeDate } from "./dates";

const NOW = new Date(2026, 10, 22, 15, 4, 30).getTime();
const at = (...parts: [number, number, number, number?, number?, number?]) => new Date(...parts).getTime();

describe("dates as people type them", () => {
  test.each([
    ["22/11/2026 07:30", at(2026, 10, 22, 7, 30)],
    ["2-1-26 7:05:09", at(2026, 0, 2, 7, 5, 9)],
    ["1.2.2026", at(2026, 1, 1)],
    ["3/4 18h30", at(2026, 3, 3, 18, 30)],
    ["18h", at(2026, 10, 22, 18)],
    [" 07:00 ", at(2026, 10, 22, 7)],
    ["29/2/2028", at(2028, 1, 29)],
  ])("%s", (text, expected) => expect(readDate(text, NOW)).toBe(expected));

  test.each(["32/1/2026", "29/2/2026", "1/13/2026", "24:00", "7:60", "hôm qua", "1/2/3/4", "2026-11-22T07:00", "12"])("not %s", (text) =>
    expect(readDate(text, NOW)).toBeNull(),
  );

  test("nothing is nothing", () => expect(readDate("  ", NOW)).toBeUndefined());

  test("what is written can be read", () => {
    expect(writeDate(at(2026, 0, 2, 7, 5))).toBe("02/01/2026 07:05");
    expect(readDate(writeDate(at(2026, 0, 2, 7, 5)), NOW)).toBe(at(2026, 0, 2, 7, 5));
    expect(writeDate(null)).toBe("");
  });
});

test("spans begin at midnight here", () => {
  expect(spanOf("today", NOW)).toEqual({ from: at(2026, 10, 22), until: null });
  expect(spanOf("yesterday", NOW)).toEqual({ from: at(2026, 10, 21), until: at(2026, 10, 22) });
  expect(spanOf("week", NOW)).toEqual({ from: at(2026, 10, 16), until: null });
  expect(spanOf("hour", NOW)).toEqual({ from: NOW - 3_600_000, until: null });
  expect(spanOf("all", NOW)).toEqual({ from: null, until: null });
});
