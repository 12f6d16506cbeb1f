import { describe, expect, test } from "vitest";
import type { Board, Condition, Health } from "../ipc/wire";
import { province } from "../ipc/fake/province";
import { wholeProvince } from "../ipc/fake/whole-province";
import { ALL, boardLines, cameraLines, chosen, tally, type CameraLine } from "./rows";
import { CONDITIONS, needsAttention, worst } from "./standing";

const health = (id: string, condition: Condition, since: number | null = null, text = ""): Health => ({
  id, condition, text, since, detail: "", seen: null, mbps: 0, limit: null, rate: 0, age: null, decoder: "", clock: null,
});
const board = (...cameras: Health[]): Board => ({ cameras, recorders: [], complete: null });
const ids = (lines: { kind: string }[]) => lines.filter((line): line is CameraLine => line.kind === "camera").map((line) => line.health.id);

describe("lines", () => {
  const known = board(
    health("bvdk-1-1", "well"),
    health("bvdk-1-2", "dark", 100),
    health("bvdk-1-3", "dark", 200),
    health("cho-1-1", "unwell", 300),
    health("dhkg-1-1", "waiting", 400),
    health("dhkg-1-2", "live", 500),
  );
  const cameras = cameraLines(province(), known);

  test("every camera of the inventory has one, known or not", () => {
    expect(cameras).toHaveLength(95);
    expect(cameras.find((line) => line.health.id === "bvdk-1-4")?.health.condition).toBe("unknown");
  });

  test("the most urgent first, of those the latest", () => {
    const lines = boardLines(cameras, known, "attention", "vi");
    expect(lines[0]).toMatchObject({ kind: "group", attention: true, count: 4 });
    expect(ids(lines).slice(0, 4)).toEqual(["bvdk-1-3", "bvdk-1-2", "cho-1-1", "dhkg-1-1"]);
    expect(lines[5]).toMatchObject({ kind: "group", attention: false, count: 91 });
  });

  test("by place, in the order of the Vietnamese alphabet, numbers by their value", () => {
    const lines = boardLines(cameras, known, "place", "vi");
    const sites = lines.flatMap((line) => (line.kind === "site" ? [line.site.id] : []));
    // Giồng Riềng before Rạch Giá; Bệnh viện, Chợ, Trạm, Trung tâm, Trường.
    expect(sites.slice(-5)).toEqual(["bvdk", "cho", "vinh-lac", "an-binh", "dhkg"]);
    expect(ids(lines)).toHaveLength(95);
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
  });

  test("nothing that needs nobody stands above what needs somebody", () => {
    const all = wholeProvince();
    const each = cameraLines(all, null).map((line, index) => health(line.health.id, CONDITIONS[index % CONDITIONS.length] ?? "well", index));
    const lines = boardLines(cameraLines(all, board(...each)), board(...each), "attention", "vi");
    const attention = lines.flatMap((line) => (line.kind === "camera" ? [needsAttention(line.health.condition)] : []));
    expect(attention.indexOf(false)).toBe(attention.filter(Boolean).length);
    expect(attention).toHaveLength(373);
  });

  test("filters: district, condition, words without marks, all at once", () => {
    expect(ids(chosen(cameras, { ...ALL, conditions: new Set<Condition>(["dark"]) }))).toEqual(["bvdk-1-2", "bvdk-1-3"]);
    expect(chosen(cameras, { ...ALL, district: "Huyện Giồng Riềng" })).toHaveLength(16);
    expect(ids(chosen(cameras, { ...ALL, text: "cong CHINH cho rach" }))).toEqual(["cho-1-1"]);
    expect(chosen(cameras, { district: "Huyện Giồng Riềng", conditions: new Set<Condition>(["dark"]), text: "" })).toEqual([]);
  });

  test("a condition's count does not depend on which conditions are chosen", () => {
    const counts = tally(cameras, { ...ALL, conditions: new Set<Condition>(["dark"]) });
    expect([counts.dark, counts.unwell, counts.unknown]).toEqual([2, 1, 89]);
  });
});

test("the worst of several", () => {
  expect(worst(["well", "live", "waiting"])).toBe("waiting");
  expect(worst(["unwell", "dark"])).toBe("dark");
  expect(worst([])).toBe("well");
});
