import { describe, expect, test } from "vitest";
import type { District } from "../ipc/wire";
import { fold, foldWithOrigin } from "./fold";
import { indexed, search, type Hit } from "./search";

function district(name: string, sites: Record<string, string[]>): District {
  return {
    name,
    sites: Object.entries(sites).map(([site, cameras]) => ({
      id: site,
      name: site,
      position: null,
      zone: null,
      recorders: [
        { id: `${site}/1`, name: "Đầu ghi", cameras: cameras.map((camera) => ({ id: `${site}/${camera}`, name: camera, outdoor: null })) },
      ],
    })),
  };
}

const INDEX = indexed([
  district("Thành phố Rạch Giá", {
    "Trạm y tế phường Vĩnh Lạc": ["Cổng chính", "Phòng khám"],
    "Trường Đại học Kiên Giang": ["Cổng chính", "Sân trước", "Hành lang tầng 1"],
  }),
  district("Huyện Giồng Riềng", {
    "Trường THPT Hòa Hưng": ["Cổng phụ", "Đường trước cổng"],
    "Phương Nam": ["Bãi xe"],
  }),
]);

const names = (hits: Hit[]) => hits.map(({ entry }) => (entry.kind === "site" ? entry.name : `${entry.name} @ ${entry.place}`));
const found = (query: string) => names(search(INDEX, query));
const highlighted = (hit: Hit) => hit.stretches.map(({ from, to }) => hit.entry.name.slice(from, to));

describe("folding", () => {
  test("takes the marks away, and đ with them", () => {
    expect(fold("  Đường   TRƯỚC cổng ")).toBe("duong truoc cong");
  });

  test("composed and decomposed are the same", () => {
    const text = "Trạm y tế phường Vĩnh Lạc";
    expect(fold(text.normalize("NFD"))).toBe(fold(text.normalize("NFC")));
  });

  test("knows where each letter came from", () => {
    const { plain, origin } = foldWithOrigin("Ạ\u0323b".normalize("NFD"));
    expect(plain).toBe("ab");
    expect(origin.at(-1)).toBe("Ạ\u0323b".normalize("NFD").length);
  });
});

describe("search", () => {
  test("finds without marks", () => {
    expect(found("phuong")[0]).toBe("Phương Nam");
    expect(found("phuong")).toContain("Trạm y tế phường Vĩnh Lạc");
    expect(found("dai hoc")[0]).toBe("Trường Đại học Kiên Giang");
    expect(found("duong")).toEqual(["Đường trước cổng @ Trường THPT Hòa Hưng"]);
  });

  test("marks that were typed bring their words to the front", () => {
    const hits = found("phường");
    expect(hits[0]).toBe("Trạm y tế phường Vĩnh Lạc");
    expect(hits.indexOf("Phương Nam")).toBeGreaterThan(hits.indexOf("Cổng chính @ Trạm y tế phường Vĩnh Lạc"));
    expect(found("phường".normalize("NFD"))).toEqual(hits);
  });

  test("old and new places of the tone are the same syllable", () => {
    expect(found("hoà hưng")[0]).toBe("Trường THPT Hòa Hưng");
    expect(found("hoà")).toEqual(found("hòa"));
  });

  test("words in any order, of camera, site and district together", () => {
    expect(found("kiên cổng")).toEqual(["Cổng chính @ Trường Đại học Kiên Giang"]);
    expect(found("giong rieng cong phu")).toEqual(["Cổng phụ @ Trường THPT Hòa Hưng"]);
    expect(found("cổng chính bãi")).toEqual([]);
  });

  test("beginning of the name, then of a word, then inside", () => {
    const index = indexed([district("X", { "Bến xe": ["Sau bến", "Lưới Zben", "Ben cũ"] })]);
    expect(names(search(index, "ben"))).toEqual(["Bến xe", "Ben cũ @ Bến xe", "Sau bến @ Bến xe", "Lưới Zben @ Bến xe"]);
  });

  test("an empty query finds nothing", () => {
    expect(found("")).toEqual([]);
    expect(found("  \t ")).toEqual([]);
  });

  test("highlights the letters of the original, composed or not", () => {
    const [site] = search(INDEX, "dai kien");
    expect(site && highlighted(site)).toEqual(["Đại", "Kiên"]);
    const decomposed = "Trạm phường".normalize("NFD");
    const [hit] = search(indexed([district("X", { [decomposed]: [] })]), "phuong");
    expect(hit && highlighted(hit)).toEqual(["phường".normalize("NFD")]);
  });

  test("hostile names are only text", () => {
    const name = "<img onerror> .*+?^${}()|[]\\ \u202e";
    const index = indexed([district("X", { [name]: [] })]);
    expect(search(index, "( [ \\ *").map(({ entry }) => entry.name)).toEqual([name]);
  });
});

describe("time for a keystroke", () => {
  const sites = (count: number) =>
    indexed([
      district(
        "Thành phố Rạch Giá",
        Object.fromEntries(
          Array.from({ length: Math.ceil(count / 7) }, (_, site) => [
            `Trạm y tế phường số ${site}`,
            Array.from({ length: 7 }, (_, camera) => `Hành lang tầng ${camera}`),
          ]),
        ),
      ),
    ]);

  test.each([373, 10_000])("%i cameras", (count) => {
    const index = sites(count);
    const keystrokes = ["t", "tr", "tram", "tram phuong", "hành lang", "hanh lang phuong 12", "zzz"];
    // The best of several: what else the machine does is not the search's.
    const spent = keystrokes.map((query) => {
      const tries = Array.from({ length: 10 }, () => {
        const start = performance.now();
        search(index, query);
        return performance.now() - start;
      });
      return Math.min(...tries);
    });
    const slowest = Math.max(...spent);
    console.info(`${count} cameras: slowest keystroke ${slowest.toFixed(2)} ms`);
    // Far above what is measured on two busy cores; a search that is no longer linear would pass it at once.
    expect(slowest).toBeLessThan(count === 373 ? 10 : 250);
  });
});
