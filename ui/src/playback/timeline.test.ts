import { describe, expect, it } from "vitest";
import { DAY, following, HOUR, keyed, lengthOf, LONGEST, marks, MINUTE, pieceOf, piecesOf, placeOf, SHORTEST, speed, timeAt, untilNow, zoomed } from "./timeline";

const hour = { from: 10 * HOUR, until: 11 * HOUR };

describe("the time line", () => {
  it("goes from times to places and back", () => {
    expect(placeOf(hour, 600, 10.5 * HOUR)).toBe(300);
    for (const place of [0, 17, 300, 600]) expect(placeOf(hour, 600, timeAt(hour, 600, place))).toBeCloseTo(place, 6);
    expect(timeAt(hour, 600, -50)).toBe(hour.from);
    expect(timeAt(hour, 600, 900)).toBe(hour.until);
  });

  it("keeps the place under the pointer while it is zoomed, from minutes to 15 days", () => {
    const at = 10.25 * HOUR;
    for (const factor of [0.5, 2, 1e-9, 1e9]) {
      const window = zoomed(hour, at, factor);
      expect(placeOf(window, 600, at)).toBeCloseTo(150, 3);
    }
    expect(lengthOf(zoomed(hour, at, 1e-9))).toBe(SHORTEST);
    expect(lengthOf(zoomed(hour, at, 1e9))).toBe(LONGEST);
  });

  it("follows the clock and leaves it room", () => {
    expect(following(hour, 10.5 * HOUR)).toBe(hour);
    const turned = following(hour, 10.95 * HOUR);
    expect(placeOf(turned, 100, 10.95 * HOUR)).toBeCloseTo(10);
    for (const far of [3 * HOUR, 9.99 * HOUR, 40 * DAY]) expect(placeOf(following(hour, far), 100, far)).toBeCloseTo(50);
    expect(lengthOf(turned)).toBe(HOUR);
  });

  it("shows no more of the time to come than a margin, in which the newest place does not turn the page", () => {
    expect(untilNow(hour, 11 * HOUR)).toBe(hour);
    const bounded = untilNow({ from: 0, until: 10 * DAY }, 2 * DAY);
    expect(bounded).toEqual({ from: -6.5 * DAY, until: 3.5 * DAY });
    expect(following(bounded, 2 * DAY)).toBe(bounded);
  });

  it("marks round local times with room between them", () => {
    const found = marks(hour, 600, 80, 7 * HOUR);
    expect(found.map(({ at }) => (at - hour.from) / MINUTE)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    const days = marks({ from: 0, until: 15 * DAY }, 900, 50, 7 * HOUR);
    expect(days[0]).toEqual({ at: 17 * HOUR, step: DAY });
    expect(days.length).toBe(15);
  });

  it("draws what lies in the window, and what is short as well", () => {
    expect(pieceOf(hour, 600, { from: 0, until: 10 * HOUR })).toBeNull();
    expect(pieceOf(hour, 600, { from: 9 * HOUR, until: 10.5 * HOUR })).toEqual({ x: 0, width: 300 });
    expect(pieceOf(hour, 600, { from: 10.5 * HOUR, until: 10.5 * HOUR + 1 })).toEqual({ x: 300, width: 1 });
  });

  it("draws hours that touch as one piece and leaves a pixel free for a gap, however short it is", () => {
    const days = { from: 0, until: 15 * DAY };
    const hours = Array.from({ length: 360 }, (_, n) => ({ from: n * HOUR, until: (n + 1) * HOUR }));
    expect(piecesOf(days, 1800, hours, false)).toEqual([{ x: 0, width: 1800 }]);
    const gap = hours.map((span, n) => (n === 99 ? { ...span, until: span.until - MINUTE } : span));
    expect(piecesOf(days, 1800, gap, false)).toEqual([
      { x: 0, width: 499 },
      { x: 500, width: 1300 },
    ]);
    expect(piecesOf(days, 1800, [{ from: HOUR / 2, until: HOUR / 2 + 1 }], false)).toEqual([{ x: 3, width: 1 }]);
  });

  it("shows every event, and those in one pixel once", () => {
    const days = { from: 0, until: 15 * DAY };
    const short = (at: number) => ({ from: at, until: at + 5 });
    expect(piecesOf(days, 360, [short(0.5 * HOUR), short(0.7 * HOUR), short(9.5 * HOUR)], true)).toEqual([
      { x: 0, width: 2 },
      { x: 9, width: 2 },
    ]);
    const all = Array.from({ length: 10_000 }, (_, n) => short(n * 2 * MINUTE));
    expect(piecesOf(days, 360, all, true).length).toBe(1);
  });

  it("is led by keys as sliders are", () => {
    const at = 10.5 * HOUR;
    expect(keyed(hour, at, "ArrowLeft", false)).toBe(at - 1000);
    expect(keyed(hour, at, "ArrowUp", true)).toBe(at + MINUTE);
    expect(keyed(hour, at, "PageUp", false)).toBe(at + 6 * MINUTE);
    expect(keyed(hour, at, "Home", false)).toBe(hour.from);
    expect(keyed(hour, at, "x", false)).toBeNull();
  });

  it("offers speeds from a sixteenth to sixteen in both directions", () => {
    expect(speed(1, true)).toBe(2);
    expect(speed(-1, false)).toBe(-0.5);
    expect(speed(16, true)).toBe(16);
    expect(speed(-1 / 16, false)).toBe(-1 / 16);
    expect(speed(0, true)).toBe(2);
  });
});
