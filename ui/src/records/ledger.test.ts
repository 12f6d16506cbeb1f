import { expect, test } from "vitest";
import { duration, sortedLedger, type LedgerRow } from "./ledger";

const row = (camera: string, account: string, seconds: number, largest: [number, number] = [480, 270]): LedgerRow => ({
  camera,
  site: camera === "Sân" ? "Chợ" : "Bệnh viện",
  watched: { camera, account, seconds, watches: 100 - seconds, largest, share: 0.5, unended: 0 },
});
const rows = [row("Đường", "b", 5), row("Cổng", "a", 50, [1920, 1080]), row("Sân", "c", 5), row("Phòng 10", "a", 7), row("Phòng 9", "a", 7)];
const names = (column: Parameters<typeof sortedLedger>[1]["column"], descending = false) =>
  sortedLedger(rows, { column, descending }, "vi").map(({ camera }) => camera);

test("each column orders, equal ones by name", () => {
  expect(names("camera")).toEqual(["Cổng", "Đường", "Phòng 9", "Phòng 10", "Sân"]);
  expect(names("seconds", true)).toEqual(["Cổng", "Phòng 9", "Phòng 10", "Đường", "Sân"]);
  expect(names("account")).toEqual(["Cổng", "Phòng 9", "Phòng 10", "Đường", "Sân"]);
  expect(names("largest", true)[0]).toBe("Cổng");
  expect(names("site")).toEqual(["Cổng", "Đường", "Phòng 9", "Phòng 10", "Sân"]);
  expect(names("watches")[0]).toBe("Cổng");
});

test("durations to the second", () => {
  expect([0, 9, 75, 3599, 3700, 90_061].map(duration)).toEqual(["0:00", "0:09", "1:15", "59:59", "1:01:40", "25:01:01"]);
});
