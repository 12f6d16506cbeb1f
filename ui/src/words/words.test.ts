import { describe, expect, test } from "vitest";
import en from "../../messages/en.json";
import vi from "../../messages/vi.json";
import { m } from "../paraglide/messages.js";
import { measured, percent, whole } from "./numbers";

describe("numbers", () => {
  test("as the language writes them", () => {
    expect(measured(9.24, "vi")).toBe("9,2");
    expect(measured(9.24, "en")).toBe("9.2");
    expect(whole(12_345, "vi")).toBe("12.345");
    expect(whole(12_345, "en")).toBe("12,345");
    expect(percent(0.344, "vi")).toBe("34\u202f%");
  });

  test("digits behind the comma only where they say something", () => {
    expect(measured(99.94, "vi")).toBe("99,9");
    expect(measured(99.96, "vi")).toBe("100");
    expect(measured(134.4, "vi")).toBe("134");
    expect(measured(0, "vi")).toBe("0,0");
  });
});

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("messages", () => {
  test("both languages have the same keys and placeholders", () => {
    expect(Object.keys(vi).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(vi)) {
      expect([key, placeholders(text)]).toEqual([key, placeholders(en[key as keyof typeof en])]);
    }
  });

  test("every word of the page is used, and every used one is there", () => {
    const sources = import.meta.glob("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
    const used = new Set<string>();
    for (const [path, text] of Object.entries(sources)) {
      if (path.includes("paraglide") || path.includes(".test.")) continue;
      for (const match of String(text).matchAll(/\bm\.(page_\w+)/g)) used.add(match[1] ?? "");
    }
    const keys = Object.keys(vi).filter((key) => key.startsWith("page_"));
    expect(keys.sort()).toEqual([...used].sort());
  });

  test("speak the language that is asked for", () => {
    expect(m.page_undo({}, { locale: "vi" })).toBe("Hoàn tác");
    expect(m.page_undo({}, { locale: "en" })).toBe("Undo");
  });
});
