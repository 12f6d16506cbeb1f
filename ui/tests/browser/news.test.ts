// Cameras that are lost and come back, their sounds, and the settings.

import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite, tiles } from "./console";

const lose = (page: Page, ...ids: string[]) => page.evaluate((all) => all.forEach((id) => window.fake?.health.lose(id)), ids);
const find = (page: Page, ...ids: string[]) => page.evaluate((all) => all.forEach((id) => window.fake?.health.find(id)), ids);

/** Counts the tones instead of playing them. */
async function listen(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const tones: number[] = [];
    Object.assign(window, { tones });
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (this: OscillatorNode, at?: number) {
      tones.push(this.frequency.value);
      start.call(this, at);
    };
  });
  return () => page.evaluate(() => (window as unknown as { tones: number[] }).tones.map(Math.round));
}

test("a burst is one notice; what comes back leaves it", async () => {
  const page = await open();
  await lose(page, "cho-1-1", "cho-1-2", "cho-1-3", "cho-1-4", "cho-1-5");
  const lost = page.locator(".toast[data-news=lost]");
  await lost.waitFor();
  expect(await lost.locator(".toast-title").innerText()).toBe("5 camera mất hình");
  expect(await lost.innerText()).toContain("và 2 camera khác");
  await find(page, "cho-1-2", "cho-1-3");
  await eventually(() => lost.locator(".toast-title").innerText(), "3 camera mất hình");
  expect(await page.locator(".toast[data-news=back] .toast-title").innerText()).toBe("2 camera có hình lại");
  expect(await page.locator(".toast").count()).toBe(2);
});

test("by keys: the bell, the history, the camera onto the wall", async () => {
  const page = await open();
  await lose(page, "cho-1-1", "dhkg-1-2");
  await page.getByRole("button", { name: "Diễn biến trong ca, 2 chưa xem" }).waitFor();
  await page.keyboard.press("n");
  await page.locator(".news").waitFor();
  expect(await page.locator(".news-row").allInnerTexts()).toHaveLength(2);
  expect(await page.locator(".news-row").first().innerText()).toContain("Sân trước · Trường Đại học Kiên Giang");
  await page.locator(".news-row").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await eventually(async () => (await tiles(page))[0], "Cổng chính");
  await page.locator(".news").waitFor({ state: "detached" });
  expect(await page.locator(".news-count").count()).toBe(0);
  expect((await calls(page, "act")).map(([, , act]) => act)).toContainEqual({ kind: "place", at: 0, subject: { kind: "camera", id: "cho-1-1" } });
});

test("a camera that stands on the wall is selected there, not placed again", async () => {
  const page = await open();
  await page.keyboard.press("/");
  await page.keyboard.type("cho rach soi");
  await page.locator("#results [role=option]").first().filter({ hasText: "Chợ Rạch Sỏi" }).waitFor();
  await page.keyboard.press("Enter");
  await eventually(async () => (await tiles(page)).filter(Boolean).length, 9);
  await lose(page, "cho-1-4");
  await page.locator(".toast[data-news=lost]").getByRole("button", { name: "Đưa lên tường" }).click();
  await eventually(async () => (await calls(page, "act")).at(-1)?.[2], { kind: "select", at: 3 });
});

test("sounds only when they are switched on, another one for each", async () => {
  const page = await open();
  const tones = await listen(page);
  await lose(page, "cho-1-1");
  await page.locator(".toast[data-news=lost]").waitFor();
  expect(await tones()).toEqual([]);
  await page.keyboard.press("Alt+8");
  await page.getByRole("switch", { name: /Báo bằng âm thanh/ }).focus();
  await page.keyboard.press("Space");
  await eventually(async () => (await calls(page, "setSettings")).at(-1)?.[1] as { sounds: boolean } | undefined, expect.objectContaining({ sounds: true }));
  await lose(page, "cho-1-2");
  await eventually(async () => (await tones()).length, 2);
  await find(page, "cho-1-2");
  await eventually(async () => (await tones()).length, 4);
  const [a = 0, b = 0, c = 0, d = 0] = await tones();
  expect([a > b, d > c]).toEqual([true, true]);
});

test("settings by keys: language, theme, when to lock", async () => {
  const page = await open();
  await page.keyboard.press("Alt+8");
  await page.getByRole("radio", { name: "Tiếng Việt" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.getByRole("radio", { name: "Dark" }).focus();
  await page.keyboard.press("ArrowRight");
  await eventually(() => page.evaluate(() => document.documentElement.dataset["theme"]), "light");
  await page.getByRole("radio", { name: "10 minutes" }).focus();
  await page.keyboard.press("ArrowRight");
  await eventually(async () => (await calls(page, "setSettings")).at(-1)?.[1] as unknown, expect.objectContaining({ language: "en", theme: "light", lock_after: 15 }));
});

test("hostile names stay text", async () => {
  const page = await open();
  await lose(page, "odd-1-1", "odd-1-2", "odd-1-3");
  const lost = page.locator(".toast[data-news=lost]");
  await lost.waitFor();
  expect(await lost.innerText()).toContain("<img src=x onerror=");
  await page.keyboard.press("n");
  await page.locator(".news").waitFor();
  expect(await page.evaluate(() => (window as { hostile?: boolean }).hostile)).toBeUndefined();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1366);
});

test("in English nothing of the page itself stays Vietnamese", async () => {
  const page = await open({ query: "?language=en&province=54" });
  const parts: [string, string, string][] = [
    ["Alt+2", ".map-zoom, .map-legend, .site-list .search", ".map-mark"],
    ["Alt+3", ".board-filters .search, .board-filters .chips, .board-head, .board-totals, .switch", "#board"],
    ["Alt+8", ".settings", ".settings"],
  ];
  for (const [key, selector, ready] of parts) {
    await page.keyboard.press(key);
    await page.locator(ready).first().waitFor();
    const words = await page.locator(selector).evaluateAll((elements) =>
      elements
        .map((element) => [
          element.textContent,
          ...[...element.querySelectorAll("[aria-label], [placeholder]")].map((each) => `${each.getAttribute("aria-label")} ${each.getAttribute("placeholder")}`),
        ])
        .join("\n"),
    );
    expect(words.replace("Tiếng Việt", "")).not.toMatch(/[ăâđêôơưàảãáạ]/i);
    expect(words).not.toMatch(/page_|undefined|NaN|\{\w+\}/);
  }
});

describe.each(["dark", "light"])("no barriers, %s", (theme) => {
  test("notices, the history, the settings", async () => {
    const page = await open({ query: `?theme=${theme}` });
    await lose(page, "cho-1-1", "cho-1-2");
    await find(page, "cho-1-2");
    await page.locator(".toast[data-news=back]").waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("n");
    await page.locator(".news").waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+8");
    await page.locator(".settings").waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});

test("what devices notice is listed behind the bell, counted until somebody has seen it, and leads to the camera", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await page.evaluate(async () => {
    const fake = window.fake as unknown as { load: () => Promise<{ desk: { walls: { slots: { camera: string | null }[] }[] } }>; noticing: { notice: (camera: string, event: string) => void } };
    const id = (await fake.load()).desk.walls[0]?.slots[2]?.camera ?? "";
    fake.noticing.notice(id, "motion");
    fake.noticing.notice(id, "motion");
  });
  const bell = page.locator(".news-bell");
  await eventually(() => bell.locator(".news-count").innerText(), "1");
  await bell.click();
  const list = page.getByRole("region", { name: "Thiết bị báo" });
  await list.getByText("Có chuyển động · 2 lần · đang diễn ra").waitFor();
  expect(await barriers(page)).toEqual([]);
  await list.getByRole("button", { name: /^Đã xem:/ }).click();
  await eventually(async () => (await calls(page, "acknowledgeNotices")).length, 1);
  await eventually(() => bell.locator(".news-count").count(), 0);
  await list.locator(".news-row").click();
  await eventually(async () => (await calls(page, "act")).map(([, , act]) => act).at(-1), { kind: "select", at: 2 });
});
