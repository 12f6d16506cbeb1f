import { describe, expect, test } from "vitest";
import { staff } from "../ipc/fake/staff";
import { found, sorted, statesOf, type Sorting, type Told } from "./rows";

const NOW = Date.now();
const rows: Told[] = staff().map((account) => ({
  account,
  role: account.role,
  scope: account.scope.everything ? "Toàn tỉnh" : "Huyện Giồng Riềng",
  is: statesOf(account, NOW),
  states: statesOf(account, NOW),
}));
const names = (all: Told[]) => all.map(({ account }) => account.account);

describe("search", () => {
  test("without marks, in all columns, all words", () => {
    expect(names(found(rows, "ngoc anh"))).toEqual(["truc3"]);
    expect(names(found(rows, "giong rieng danh"))).toEqual(["giongrieng"]);
    expect(names(found(rows, "đặng"))).toEqual(["truc2"]);
    expect(found(rows, "")).toHaveLength(rows.length);
    expect(found(rows, "zzz")).toEqual([]);
  });
});

describe("order", () => {
  const order = (sorting: Sorting) => names(sorted(rows, sorting, "vi"));

  test("of the Vietnamese alphabet: Danh before Đặng", () => {
    const all = sorted(rows, { column: "name", descending: false }, "vi").map(({ account }) => account.name);
    expect(all.indexOf("Danh Sơn")).toBeLessThan(all.indexOf("Đặng Minh Tuấn"));
    expect(all.indexOf("Đặng Minh Tuấn")).toBeLessThan(all.indexOf("Huỳnh Tấn Phát"));
  });

  test("descending turns it round", () => {
    expect(order({ column: "account", descending: true })).toEqual([...order({ column: "account", descending: false })].reverse());
  });

  test("who never signed in is the longest ago", () => {
    expect(order({ column: "last_sign_in", descending: false })[0]).toBe("truc4");
  });
});

test("a lock that has passed is none", () => {
  const locked = staff().find(({ account }) => account === "truc3");
  expect(locked && statesOf(locked, NOW)).toEqual(["locked"]);
  expect(locked && statesOf(locked, NOW + 3_600_000)).toEqual([]);
});
