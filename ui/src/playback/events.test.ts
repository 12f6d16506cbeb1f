import { describe, expect, it } from "vitest";
import type { Recorded } from "../ipc/wire";
import { beginning } from "./events";

const span = (from: number, why: Recorded["why"]): Recorded => ({ period: { from: from * 1000, until: (from + 20_000) * 1000 }, why, overlap: 0 });

describe("movements and events", () => {
  const spans = [span(10_000, "continuous"), span(60_000, "motion"), span(30_000, "event"), span(90_000, "motion")];

  it("lead to the next one and to the one before", () => {
    expect(beginning(spans, 0, 40_000, false)).toBe(60_000);
    expect(beginning(spans, 0, 60_000, false)).toBe(90_000);
    expect(beginning(spans, 0, 90_000, false)).toBeNull();
    expect(beginning(spans, 0, 90_000, true)).toBe(60_000);
    expect(beginning(spans, 0, 61_000, true)).toBe(30_000);
    expect(beginning(spans, 0, 31_000, true)).toBeNull();
  });

  it("do not begin where the day is cut", () => {
    expect(beginning(spans, 30_000, 61_000, true)).toBeNull();
    expect(beginning([span(86_400_000, "motion")], 86_400_000, 0, false)).toBeNull();
  });
});
