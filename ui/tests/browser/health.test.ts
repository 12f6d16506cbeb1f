// The board of how everything stands, and the sheet for the next shift.

import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite, tiles } from "./console";

async function openBoard(query = "", size = {}): Promise<Page> {
  const page = await open({ query, ...size });
  await page.keyboard.press("Alt+3");
  await page.locator("#board").waitFor();
  return page;
}

const active = (page: Page) => page.locator("#board [aria-selected=true]");

test("by keys: what needs somebody first, filters, a camera onto the wall", async () => {
  const page = await openBoard("?province=54");
  await page.locator("#board").focus();
  expect(await page.locator("#board [role=row]").first().innerText()).toContain("Cần xử lý");
  expect(await active(page).innerText()).toContain("Có sự cố");
  const first = await active(page).innerText();
  await page.keyboard.press("ArrowDown");
  expect(await active(page).innerText()).not.toBe(first);
  await page.keyboard.press("End");
  expect(await active(page).innerText()).toMatch(/Trả lời|Chưa hỏi/);
  await page.keyboard.press("/");
  await page.keyboard.type("phao dai cong chinh");
  await eventually(() => page.locator(".board-totals span").first().innerText(), "3 camera");
  await page.locator("#board").focus();
  await page.keyboard.press("Home");
  while (!(await active(page).innerText()).includes("Cổng chính")) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator("#wall").waitFor();
  await eventually(async () => (await tiles(page))[0], "Cổng chính");
});

test("conditions and districts narrow the board, and say how many there are", async () => {
  const page = await openBoard("?province=54");
  const total = () => page.locator(".board-totals span").first().innerText();
  expect(await total()).toBe("373 camera");
  const trouble = page.getByRole("button", { name: /Có sự cố/ });
  const count = Number((await trouble.innerText()).match(/\d+/)?.[0]);
  expect(count).toBeGreaterThan(3);
  await trouble.focus();
  await page.keyboard.press("Space");
  await eventually(total, `${count} camera`);
  await page.getByLabel("Huyện, thành phố").selectOption("Huyện Kiên Hải");
  await eventually(async () => Number((await total()).split(" ")[0]) <= count, true);
  await page.keyboard.press("/");
  await page.keyboard.type("khong-co-gi-nhu-vay");
  await page.locator(".workspace-empty").waitFor();
  // The first Escape empties the field, the second goes back to the wall.
  await page.keyboard.press("Escape");
  expect(await page.locator("[data-search]").inputValue()).toBe("");
});

test("watched cameras say what they cost; a change arrives by itself", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await page.keyboard.press("Alt+3");
  await page.locator("#board").waitFor();
  await eventually(async () => (await page.getByRole("button", { name: /Trực tiếp/ }).innerText()).includes("0"), false);
  await page.getByRole("radio", { name: "Theo địa bàn" }).click();
  await page.getByRole("button", { name: /Trực tiếp/ }).click();
  const live = page.locator(".board-row", { hasText: "Trực tiếp" }).first();
  await live.waitFor();
  expect(await live.innerText()).toMatch(/12,5/);
  expect(await live.innerText()).toContain("CPU");
});

test("373 rows: only those in view are in the page", async () => {
  const page = await openBoard("?province=54");
  expect(Number(await page.locator("#board").getAttribute("aria-rowcount"))).toBeGreaterThan(373);
  expect(await page.locator(".board-row").count()).toBeLessThan(60);
});

test("the sheet: from the board and from the person's menu, as it is printed", async () => {
  const page = await openBoard();
  await page.evaluate(() => window.fake?.health.lose("bvdk-1-1", 30));
  await page.getByRole("button", { name: "Phiếu bàn giao ca" }).focus();
  await page.keyboard.press("Enter");
  const sheet = page.locator(".sheet-desk .sheet");
  await sheet.waitFor();
  const text = await sheet.innerText();
  for (const words of ["Nguyễn Văn Trực", "PHONG-TRUC-01", "Người giao", "Người nhận", "4f1c 9a0e", "Cổng chính · Bệnh viện đa khoa tỉnh"]) {
    expect(text).toContain(words);
  }
  await page.getByRole("button", { name: "In", exact: true }).focus();
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "print")).length, 1);
  // What the printer gets: the sheet alone, black on white.
  await page.emulateMedia({ media: "print" });
  const shown = await page.evaluate(() =>
    [...document.body.children].filter((child) => getComputedStyle(child).display !== "none").map((child) => child.className),
  );
  expect(shown).toEqual(["printed"]);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
  expect(await page.locator(".printed .sheet").evaluate((element) => getComputedStyle(element).color)).toBe("rgb(0, 0, 0)");
  await page.emulateMedia({ media: "screen" });
  await page.keyboard.press("Escape");
  await page.locator(".printed").waitFor({ state: "detached" });
});

test("the sheet has what else is left to the next shift, and no heading over nothing", async () => {
  const page = await openBoard();
  const titles = page.locator(".sheet-desk .sheet h2");
  const open = page.getByRole("button", { name: "Phiếu bàn giao ca" });
  await open.click();
  await titles.first().waitFor();
  const before = await titles.allInnerTexts();
  expect(before.join()).not.toMatch(/đã quay|Sự việc/);
  await page.keyboard.press("Escape");
  await page.locator(".sheet-desk").waitFor({ state: "detached" });
  await page.evaluate(() =>
    window.fake?.health.leave({
      kind: "moved",
      cameras: [{ camera: "Cổng chính", site: "Chợ Rạch Sỏi", district: "Rạch Giá", text: "Quay sang trái", since: null }],
    }),
  );
  await open.click();
  await titles.first().waitFor();
  const now = await titles.allInnerTexts();
  expect(now.filter((title) => !before.includes(title))).toEqual(["Camera đã quay, chưa về vị trí thường trực (1)"]);
  expect(await page.locator(".sheet-desk .sheet").innerText()).toContain("Quay sang trái");
});

test("an English sheet is English", async () => {
  const page = await openBoard("?language=en");
  await page.getByRole("button", { name: "Handover sheet" }).click();
  const sheet = page.locator(".sheet-desk .sheet");
  await sheet.waitFor();
  expect(await sheet.innerText()).toContain("Taken over by");
});

describe("no barriers", () => {
  test.each([
    ["dark", 1366, 768],
    ["light", 1920, 1080],
  ])("%s, %i×%i", async (theme, width, height) => {
    const page = await openBoard(`?theme=${theme}&province=54`, { width, height });
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.getByRole("button", { name: "Phiếu bàn giao ca" }).click();
    await page.locator(".sheet-desk .sheet").waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});
