// The map of the province, by the keyboard and by the pointer.

import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { barriers } from "./barriers";
import { calls, eventually, open, tiles } from "./console";

async function openMap(query = "", size = {}): Promise<Page> {
  const page = await open({ query, ready: ".page", ...size });
  await page.keyboard.press("Alt+2");
  await page.locator(".map-mark").first().waitFor();
  return page;
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
const markCount = (page: Page) => page.locator(".map-mark").count();
const acts = async (page: Page) => (await calls(page, "act")).map(([, , act]) => act);

test("by keys: to the map, from site to site, a camera onto the wall", async () => {
  const page = await openMap("?province=54");
  await page.locator(".map-paper").focus();
  await page.keyboard.press("Tab");
  const first = await focused(page);
  const seen = new Set([first]);
  for (const key of ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"]) {
    await page.keyboard.press(key);
    seen.add(await focused(page));
  }
  expect(seen.size).toBeGreaterThan(2);
  expect([...seen].every((name) => /vùng|điểm|chưa đánh dấu/i.test(name))).toBe(true);
  // A site by its name, through the list beside the map.
  await page.keyboard.press("/");
  await page.keyboard.type("phao dai");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".site-card").waitFor();
  expect(await page.locator(".site-card h2").innerText()).toBe("Khu huấn luyện Pháo Đài");
  await page.locator(".site-camera").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("#wall").waitFor();
  await eventually(async () => (await tiles(page))[0], "Cổng chính");
});

test("a whole site onto the wall, and its zone marked", async () => {
  const page = await openMap();
  await page.keyboard.press("/");
  await page.keyboard.type("vinh lac");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".site-card").waitFor();
  await page.locator(".zone-choice input:checked").focus();
  await page.keyboard.press("ArrowRight");
  await eventually(() => calls(page, "markZone"), [["markZone", { site: "vinh-lac", zone: "orange" }]]);
  await eventually(() => page.locator(".site-card header .zone-sign").getAttribute("data-zone"), "orange");
  await page.getByRole("button", { name: "Đưa cả điểm lên tường" }).focus();
  await page.keyboard.press("Enter");
  await eventually(async () => (await acts(page)).at(-1), { kind: "place", at: null, subject: { kind: "site", id: "vinh-lac" } });
});

test("who may not mark zones sees none to mark; who may not watch is offered no wall", async () => {
  const viewer = await openMap("?role=viewer");
  await viewer.keyboard.press("/");
  await viewer.keyboard.type("vinh lac");
  await viewer.keyboard.press("Tab");
  await viewer.keyboard.press("Enter");
  await viewer.locator(".site-card").waitFor();
  expect(await viewer.locator(".zone-choice").count()).toBe(0);
  const administrator = await openMap("?role=administrator");
  await administrator.locator(".site-row").first().click();
  await administrator.locator(".site-card").waitFor();
  expect(await administrator.locator(".site-actions").count()).toBe(0);
  expect(await administrator.locator(".zone-choice").count()).toBe(1);
});

test("zoom by keys, buttons, wheel; drag; marks that were one come apart", async () => {
  const page = await openMap("?province=54");
  const whole = await markCount(page);
  await page.locator(".map-paper").focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("+");
  await eventually(async () => (await markCount(page)) > whole, true);
  await page.keyboard.press("0");
  await eventually(() => markCount(page), whole);
  await page.getByRole("button", { name: "Phóng to", exact: true }).click();
  const layer = () => page.locator(".map-layer").evaluate((element) => element.style.transform);
  const before = await layer();
  await page.mouse.move(500, 400);
  await page.mouse.down();
  await page.mouse.move(560, 430, { steps: 4 });
  await page.mouse.up();
  expect(await layer()).not.toBe(before);
  const scale = () => page.locator(".map-land g").getAttribute("transform");
  const dragged = await scale();
  await page.mouse.wheel(0, -400);
  await eventually(async () => (await scale()) !== dragged, true);
  await page.keyboard.press("0");
  const cluster = page.locator(".map-mark[data-several]").first();
  const together = await cluster.innerText();
  await cluster.click();
  await eventually(async () => (await markCount(page)) > 0 && (await scale()) !== dragged, true);
  expect(Number(together)).toBeGreaterThan(1);
});

test("hostile names, sites without a place, an empty inventory", async () => {
  const page = await openMap();
  const unplaced = page.locator(".site-row", { has: page.locator(".site-unplaced") });
  expect(await unplaced.count()).toBe(2);
  await unplaced.filter({ hasText: "window.hostile" }).click();
  await page.locator(".site-card").waitFor();
  expect(await page.locator(".site-card h2").innerText()).toContain("</script><script>");
  expect(await page.evaluate(() => (window as { hostile?: boolean }).hostile)).toBeUndefined();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1366);
  const empty = await open({ query: "?empty" });
  await empty.keyboard.press("Alt+2");
  await empty.locator(".map-district").first().waitFor();
  expect(await empty.locator(".map-district").count()).toBe(15);
});

test("five hundred sites: marks stay few, and each site is in one of them", async () => {
  const page = await openMap("?province=500");
  expect(await markCount(page)).toBeLessThan(200);
  const sites = await page
    .locator(".map-mark")
    .evaluateAll((marks) => marks.reduce((sum, mark) => sum + Number(mark.querySelector(".map-mark-count")?.textContent ?? 1), 0));
  expect(sites).toBe(500);
});

describe("no barriers", () => {
  test.each([
    ["dark", 1366, 768],
    ["light", 1920, 1080],
    ["light", 683, 384],
  ])("%s, %i×%i", async (theme, width, height) => {
    const page = await openMap(`?theme=${theme}&province=54`, { width, height });
    expect(await barriers(page)).toEqual([]);
    await page.locator(".site-row").nth(3).click();
    await page.locator(".site-card").waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
