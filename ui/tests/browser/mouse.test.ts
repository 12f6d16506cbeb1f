// Dragging, pointing, and what of it the native wall is told.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Surface } from "../../src/ipc/wire";
import { calls, eventually, layoutName, open, placeSite, selected, tiles } from "./console";

const tile = (page: Page, at: number) => page.locator(`#wall [data-at="${at}"]`);
const row = (page: Page, name: string) => page.locator("#tree [role=treeitem]", { hasText: name }).first();
const surface = (page: Page) => page.evaluate(() => window.fake?.surface as Surface);
const holes = async (page: Page) => (await surface(page)).holes;
const lastAct = async (page: Page) => (await calls(page, "act")).map(([, , act]) => act).filter((act) => (act as { kind: string }).kind !== "select").at(-1);

async function center(selector: ReturnType<typeof tile>): Promise<[number, number]> {
  const box = await selector.boundingBox();
  if (!box) throw new Error("not shown");
  return [box.x + box.width / 2, box.y + box.height / 2];
}

async function dragTo(page: Page, from: ReturnType<typeof tile>, to: [number, number]): Promise<void> {
  await page.mouse.move(...(await center(from)));
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 4 });
}

test("a camera onto a tile, a site onto the wall, and from a tile on", async () => {
  const page = await open();
  await row(page, "Trạm y tế").locator(".row-open").click();
  await dragTo(page, row(page, "Sân trước"), await center(tile(page, 4)));
  expect(await page.locator(".status-drop").innerText()).toContain("vào ô 5");
  await eventually(() => page.evaluate(() => window.fake?.mark?.mark), { at: 4, kind: "drop" });
  await page.mouse.up();
  await eventually(async () => (await tiles(page))[4], "Sân trước");
  expect(await page.evaluate(() => window.fake?.mark?.mark)).toBeNull();

  await page.keyboard.down("Control");
  await dragTo(page, row(page, "Trạm y tế"), await center(tile(page, 5)));
  expect(await page.locator(".status-drop").innerText()).toContain("ô 6 trở đi");
  await page.mouse.up();
  await page.keyboard.up("Control");
  await eventually(async () => (await tiles(page)).slice(4), ["Sân trước", "Cổng chính", "Sân trước", "Bãi xe", "Đường trước cổng"]);

  await dragTo(page, row(page, "Chợ Rạch Sỏi"), await center(tile(page, 0)));
  await page.mouse.up();
  await eventually(async () => (await tiles(page)).filter(Boolean).length, 9);
  expect(await lastAct(page)).toEqual({ kind: "place", at: null, subject: { kind: "site", id: "cho" } });
});

test("tile onto tile swaps, out of the wall removes, Escape leaves all as it was", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const start = await tiles(page);
  await dragTo(page, tile(page, 0), await center(tile(page, 4)));
  await page.mouse.up();
  await eventually(async () => [(await tiles(page))[0], (await tiles(page))[4]], [start[4], start[0]]);
  await eventually(() => selected(page), 4);

  await dragTo(page, tile(page, 4), await center(page.locator(".sidebar")));
  await page.locator(".drag-label").waitFor();
  expect(await page.locator(".status-drop").innerText()).toContain("gỡ");
  await page.keyboard.press("Escape");
  await page.locator(".drag-label").waitFor({ state: "detached" });
  await page.mouse.up();
  expect((await tiles(page))[4]).toBe(start[0]);

  await dragTo(page, tile(page, 4), await center(page.locator(".sidebar")));
  await page.mouse.up();
  await eventually(async () => (await tiles(page))[4], "");
});

test("double click: cameras fill the empty tiles, a tile is enlarged and goes back", async () => {
  const page = await open();
  await row(page, "Trạm y tế").locator(".row-open").click();
  await row(page, "Cổng chính").dblclick();
  await row(page, "Bãi xe").dblclick();
  await eventually(async () => (await tiles(page)).slice(0, 2), ["Cổng chính", "Bãi xe"]);
  await tile(page, 1).dblclick();
  await eventually(() => tiles(page), ["Bãi xe"]);
  await tile(page, 1).dblclick();
  await eventually(async () => (await tiles(page)).length, 9);
});

test("a press that hardly moves is a click", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const [x, y] = await center(tile(page, 5));
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 2, y + 1);
  await page.mouse.up();
  await eventually(() => selected(page), 5);
  expect((await calls(page, "act")).some(([, , act]) => (act as { kind: string }).kind === "swap")).toBe(false);
});

test("the wheel turns pages", async () => {
  const page = await open();
  await placeSite(page, "benh vien");
  await page.keyboard.press("4");
  const pageNumber = () => page.locator(".page-number [aria-hidden]").innerText();
  await eventually(pageNumber, "1/3");
  await page.mouse.move(...(await center(tile(page, 5))));
  await page.mouse.wheel(0, 120);
  await eventually(pageNumber, "2/3");
  await page.waitForTimeout(300);
  await page.mouse.wheel(0, -120);
  await eventually(pageNumber, "1/3");
});

test("a border is dragged in one step", async () => {
  const page = await open();
  await page.keyboard.press("2");
  await eventually(() => layoutName(page), "2×2");
  await placeSite(page, "tram y te");
  await page.keyboard.press("e");
  const border = page.locator(".border[data-axis=column]");
  // Not in the middle, where the other border crosses.
  const [x, middle] = await center(border);
  const y = middle + 100;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 100, y, { steps: 5 });
  const guide = await page.locator(".guide").boundingBox();
  expect(Math.abs((guide?.x ?? 0) - (x + 99))).toBeLessThan(2);
  // The guide line is to be seen over the video.
  await eventually(async () => (await holes(page)).some((hole) => hole.width <= 4 && hole.height > 500), true);
  expect((await calls(page, "act")).filter(([, , act]) => (act as { kind: string }).kind === "border")).toHaveLength(0);
  await page.mouse.up();
  await eventually(async () => (await calls(page, "act")).filter(([, , act]) => (act as { kind: string }).kind === "border").length, 1);
  await eventually(async () => Number(await border.getAttribute("aria-valuenow")) > 55, true);
  await page.keyboard.press("Control+z");
  await eventually(() => border.getAttribute("aria-valuenow"), "50");
  await page.keyboard.down("Shift");
  await dragTo(page, tile(page, 0), await center(tile(page, 1)));
  expect(await page.locator(".status-drop").innerText()).toContain("gộp");
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await eventually(async () => (await tiles(page)).length, 3);
});

test("a tile's controls come under a resting pointer, stay while it moves, and go", async () => {
  const page = await open();
  await placeSite(page, "tram y te");
  const bar = page.locator(".tile-toolbar");
  const [x, y] = await center(tile(page, 1));
  await page.mouse.move(x, y);
  await bar.waitFor();
  await page.evaluate(() => {
    const toolbar = document.querySelector(".tile-toolbar");
    new MutationObserver(() => {
      if (!toolbar?.isConnected) document.body.dataset["flickered"] = "yes";
    }).observe(document.body, { childList: true, subtree: true });
  });
  for (let step = 0; step < 10; step += 1) await page.mouse.move(x + step * 8, y - step * 4);
  expect(await page.evaluate(() => document.body.dataset["flickered"])).toBeUndefined();
  const box = await bar.boundingBox();
  await eventually(async () => (await holes(page)).some((hole) => Math.abs(hole.x - (box?.x ?? 0)) < 2 && Math.abs(hole.width - (box?.width ?? 0)) < 2), true);
  await bar.getByRole("button", { name: "Xoay 90°" }).click();
  await eventually(() => lastAct(page), { kind: "turn", at: 1, turn: "quarter" });
  await page.mouse.move(x, y);
  await bar.waitFor({ state: "detached", timeout: 4000 });
  await eventually(async () => (await holes(page)).length, 0);
});

test("right click, and the hole of the menu", async () => {
  const page = await open();
  await placeSite(page, "tram y te");
  await tile(page, 2).click({ button: "right" });
  const menu = page.locator(".popover");
  await menu.waitFor();
  const box = await menu.boundingBox();
  await eventually(async () => {
    const [hole] = await holes(page);
    return hole !== undefined && box !== null && hole.x <= box.x && hole.x + hole.width >= box.x + box.width;
  }, true);
  await page.getByRole("menuitem", { name: "Gỡ khỏi tường" }).click();
  await eventually(async () => (await tiles(page))[2], "");
  await eventually(async () => (await holes(page)).length, 0);
});

test("the wall's place follows the page, in whole pixels, and is told only when it changes", async () => {
  const page = await open({ scale: 1.5, width: 1281, height: 721 });
  await placeSite(page, "tram y te");
  await page.mouse.move(0, 0);
  await page.waitForTimeout(300);
  const before = (await calls(page, "setSurface")).length;
  await page.waitForTimeout(700);
  expect((await calls(page, "setSurface")).length).toBe(before);
  const first = await surface(page);
  for (const edge of Object.values(first.wall)) expect(Math.abs(edge * 1.5 - Math.round(edge * 1.5))).toBeLessThan(1e-6);
  await page.keyboard.press("Control+b");
  await eventually(async () => (await surface(page)).wall.width > first.wall.width, true);
});

test("the sidebar's width is dragged, within bounds", async () => {
  const page = await open();
  const handle = page.locator(".resize");
  await dragTo(page, handle, [350, 400]);
  await page.mouse.up();
  expect((await page.locator(".sidebar").boundingBox())?.width).toBe(350);
  await handle.focus();
  await page.keyboard.press("ArrowLeft");
  expect((await page.locator(".sidebar").boundingBox())?.width).toBe(334);
  await dragTo(page, handle, [900, 400]);
  await page.mouse.up();
  expect((await page.locator(".sidebar").boundingBox())?.width).toBe(420);
});
