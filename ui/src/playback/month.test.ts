import { expect, test } from "vitest";
import { dayAfter, daysOf, monthAfter, placeIn, sameDay, together, weekdays, weeksOf } from "./month";

const day = (year: number, month: number, date: number, hour = 0, minute = 0) => new Date(year, month - 1, date, hour, minute).getTime();

test("weeks begin on Monday and hold the month's days alone", () => {
  const weeks = weeksOf({ year: 2026, month: 10 });
  // 1 November 2026 is a Sunday.
  expect(weeks[0]).toEqual([null, null, null, null, null, null, day(2026, 11, 1)]);
  expect(weeks.flat().filter((each) => each !== null)).toEqual(daysOf({ year: 2026, month: 10 }));
  expect(weeks.every((week) => week.length === 7)).toBe(true);
  expect(daysOf({ year: 2024, month: 1 }).length).toBe(29);
});

test("months and days go over the ends of years and months", () => {
  expect(monthAfter({ year: 2026, month: 11 }, 1)).toEqual({ year: 2027, month: 0 });
  expect(monthAfter({ year: 2026, month: 0 }, -1)).toEqual({ year: 2025, month: 11 });
  expect(dayAfter(day(2026, 12, 31), 1)).toBe(day(2027, 1, 1));
  expect(sameDay(day(2026, 3, 31), -1)).toBe(day(2026, 2, 28));
  expect(sameDay(day(2026, 1, 15), 1)).toBe(day(2026, 2, 15));
});

test("of several cameras the day shows what any of them has", () => {
  expect(together(["nothing", "footage"])).toBe("footage");
  expect(together(["motion", "footage", "unknown"])).toBe("motion");
  expect(together(["nothing", "unknown"])).toBe("unknown");
  expect(together(["nothing", "nothing"])).toBe("nothing");
  expect(together([])).toBe("unknown");
});

test("weekdays are named from Monday on", () => {
  expect(weekdays("vi-VN", "long")[0]).toBe("Thứ Hai");
  expect(weekdays("vi-VN", "narrow")).toEqual(["T2", "T3", "T4", "T5", "T6", "T7", "CN"]);
  expect(weekdays("en-GB", "short")).toEqual(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
});

test("a day is looked at where something was recorded", () => {
  const at = day(2026, 11, 20, 9, 30);
  const wanted = day(2026, 11, 16);
  const now = day(2026, 11, 29, 15);
  const span = (from: number, until: number) => ({ from: day(2026, 11, 16, from), until: day(2026, 11, 16, until) });
  expect(placeIn(wanted, at, [span(8, 12)], now)).toBe(day(2026, 11, 16, 9, 30));
  expect(placeIn(wanted, at, [span(2, 3), span(14, 20), span(11, 12)], now)).toBe(day(2026, 11, 16, 11));
  expect(placeIn(wanted, at, [span(2, 3)], now)).toBe(day(2026, 11, 16, 3) - 1000);
  expect(placeIn(wanted, at, [], now)).toBe(day(2026, 11, 16, 9, 30));
  expect(placeIn(day(2026, 11, 29), day(2026, 11, 20, 23), [], now)).toBe(now);
});
