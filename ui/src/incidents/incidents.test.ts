import { describe, expect, test } from "vitest";
import type { Incident } from "../ipc/wire";
import { found } from "./found";
import { byCamera, fromWire, spanInWords, toWire } from "./times";

const at = (hour: number, minute: number, second = 0) => new Date(2026, 6, 16, hour, minute, second).getTime();

const incident = (title: string, closed: boolean, note = ""): Incident => ({
  id: title,
  title,
  case_number: "VA 12/2026",
  everyone: false,
  accounts: [],
  own: true,
  stretches: [],
  notes: note ? [{ by: "An", at: 0, text: note }] : [],
  history: [],
  closed,
  by: "Trần An",
  at: 0,
});

describe("times of incidents", () => {
  test("cross in microseconds and come back", () => {
    const stretch = { camera: "a", from: at(7, 30), until: at(7, 31) };
    expect(toWire(stretch).period.from).toBe(at(7, 30) * 1000);
    expect(fromWire(toWire(stretch))).toEqual(stretch);
  });

  test("name the day once", () => {
    expect(spanInWords({ from: at(7, 30, 15), until: at(7, 31) })).toBe("16/07/2026 07:30:15 – 07:31:00");
    expect(spanInWords({ from: at(7, 30), until: at(7, 30) })).toBe("16/07/2026 07:30:00");
    expect(spanInWords({ from: at(23, 0), until: at(25, 0) })).toBe("16/07/2026 23:00:00 – 17/07/2026 01:00:00");
  });

  test("of a camera that is named twice are one", () => {
    const stretches = [
      { camera: "a", from: 5, until: 9 },
      { camera: "b", from: 1, until: 2 },
      { camera: "a", from: 1, until: 6 },
    ];
    expect(byCamera(stretches)).toEqual([
      { camera: "a", from: 1, until: 9 },
      { camera: "b", from: 1, until: 2 },
    ]);
  });
});

test("incidents are found by title, number, person and notes, without marks", () => {
  const all = [incident("Mất trộm ở cổng", false), incident("Cháy bãi xe", true, "Đã gọi cứu hỏa")];
  const titles = (text: string, onlyOpen = false) => found(all, text, onlyOpen).map(({ title }) => title);
  expect(titles("mat trom")).toEqual(["Mất trộm ở cổng"]);
  expect(titles("cuu hoa 12/2026")).toEqual(["Cháy bãi xe"]);
  expect(titles("tran an").length).toBe(2);
  expect(titles("", true)).toEqual(["Mất trộm ở cổng"]);
});
