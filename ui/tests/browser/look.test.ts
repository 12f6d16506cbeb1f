// Zooming, moving and rotating pictures on their tiles, and what of it is kept.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Act, Desk, Surface, View } from "../../src/ipc/wire";
import { calls, eventually, open, placeSite, selected, tiles } from "./console";

const tile = (page: Page, at: number) => page.locator(`#wall [data-at="${at}"]`);

async function boxOf(page: Page, at: number) {
  const box = await tile(page, at).boundingBox();
  if (!box) throw new Error("not shown");
  return box;
}

const desk = (page: Page) => page.evaluate(async () => (await (window.fake as unknown as { load: () => Promise<{ desk: Desk }> }).load()).desk);
const viewOf = async (page: Page, at: number): Promise<View | undefined> => (await desk(page)).walls[0]?.slots[at]?.view;
const zoomOf = async (page: Page, at: number) => (await viewOf(page, at))?.zoom;
const looks = async (page: Page) => (await calls(page, "act")).map(([, , act]) => act as Act).filter((act) => act.kind === "look");
const swaps = async (page: Page) => (await calls(page, "act")).map(([, , act]) => act as Act).filter((act) => act.kind === "swap").length;

async function wheelOver(page: Page, at: number, x: number, y: number, delta: number): Promise<void> {
  const box = await boxOf(page, at);
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
  await page.mouse.wheel(0, delta);
}

test("Ctrl and wheel zoom to the pointer; on a zoomed picture the wheel alone does, and pages stay", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await page.keyboard.down("Control");
  await wheelOver(page, 4, 0.75, 0.25, -100);
  await page.keyboard.up("Control");
  await eventually(() => zoomOf(page, 4), 1250);
  const first = (await looks(page))[0];
  if (first?.kind !== "look" || first.change.kind !== "zoom") throw new Error("no zoom");
  expect([first.at, first.change.factor, first.goes_on]).toEqual([4, 1.25, false]);
  expect(first.change.x).toBeCloseTo(0.75, 1);
  expect(first.change.y).toBeCloseTo(0.25, 1);
  // What was under the pointer still is.
  const view = await viewOf(page, 4);
  expect((view?.x ?? 0) / 1e6).toBeCloseTo(0.55, 2);
  expect((view?.y ?? 0) / 1e6).toBeCloseTo(0.45, 2);

  await wheelOver(page, 4, 0.5, 0.5, -200);
  await eventually(() => zoomOf(page, 4), 1953);
  await wheelOver(page, 5, 0.5, 0.5, -200);
  expect(await zoomOf(page, 5)).toBe(1000);
  await expect(tile(page, 4).innerText()).resolves.toContain("2,0×");

  // All of it is one step.
  await page.keyboard.press("z");
  await eventually(() => zoomOf(page, 4), 1000);
  await expect(tile(page, 4).innerText()).resolves.not.toContain("×");
});

test("dragging moves a zoomed picture and no tile; with Ctrl it moves the tile", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const before = await tiles(page);
  await page.keyboard.down("Control");
  await wheelOver(page, 0, 0.5, 0.5, -300);
  await page.keyboard.up("Control");
  await eventually(() => zoomOf(page, 0), 1953);
  const box = await boxOf(page, 0);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2, { steps: 6 });
  await page.mouse.up();
  await eventually(async () => (await looks(page)).at(-1)?.goes_on, false);
  const ways = (await looks(page)).flatMap((act) => (act.kind === "look" && act.change.kind === "pan" ? [act.change.x] : []));
  expect(ways.reduce((sum, way) => sum + way, 0)).toBeCloseTo(-0.25, 2);
  expect(((await viewOf(page, 0))?.x ?? 0) / 1e6).toBeCloseTo(0.5 + 0.25 / 1.953, 2);
  expect([await tiles(page), await swaps(page)]).toEqual([before, 0]);

  const target = await boxOf(page, 4);
  await page.keyboard.down("Control");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 6 });
  await page.mouse.up();
  await page.keyboard.up("Control");
  await eventually(() => swaps(page), 1);
  expect(await zoomOf(page, 4)).toBe(1953);
});

test("a box drawn with Shift is seen over the wall and fills the tile", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const box = await boxOf(page, 0);
  await page.keyboard.down("Shift");
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width, box.y + box.height, { steps: 4 });
  const holes = () => page.evaluate(() => (window.fake?.surface as Surface).holes.filter((hole) => hole.width <= 3 || hole.height <= 3).length);
  await eventually(holes, 4);
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await eventually(() => zoomOf(page, 0), 2000);
  expect(await viewOf(page, 0)).toMatchObject({ x: 750_000, y: 750_000 });
  await eventually(holes, 0);

  // Escape draws no box, and neither does a slip of the hand.
  await page.keyboard.down("Shift");
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 70, { steps: 3 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 27, box.y + 24, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  expect((await looks(page)).length).toBe(1);
  expect(await swaps(page)).toBe(0);
});

test("keys: with Ctrl and Shift anywhere, alone while the picture is steered", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await page.keyboard.press("Control+Equal");
  await page.keyboard.press("Control+Equal");
  await eventually(() => zoomOf(page, 0), 1563);
  await page.keyboard.press("Shift+ArrowRight");
  await eventually(async () => ((await viewOf(page, 0))?.x ?? 0) > 590_000, true);
  expect(await selected(page)).toBe(0);
  await page.keyboard.press("Control+Digit0");
  await eventually(() => zoomOf(page, 0), 1000);

  await page.keyboard.press("v");
  await eventually(() => page.locator(".status-steering").count(), 1);
  for (const key of ["Equal", "Equal", "Equal"]) await page.keyboard.press(key);
  // While its device is being met, an arrow is for the picture only where that is seen to be zoomed.
  await eventually(() => zoomOf(page, 0), 1954);
  await eventually(async () => (await tile(page, 0).locator(".unseen").innerText()).includes("phóng"), true);
  for (const key of ["ArrowDown", "BracketRight", "BracketRight", "BracketLeft"]) await page.keyboard.press(key);
  await eventually(async () => (await viewOf(page, 0))?.rotation, 5);
  // Arrows go on while they are held: how far a short press comes is told a moment later.
  await eventually(async () => ((await viewOf(page, 0))?.y ?? 0) > 500_000, true);
  expect([await zoomOf(page, 0), await selected(page)]).toEqual([1954, 0]);
  await page.keyboard.press("Escape");
  await eventually(() => page.locator(".status-steering").count(), 0);
  // Now they mean again what they did.
  await page.keyboard.press("ArrowRight");
  await eventually(() => selected(page), 1);
  expect((await tiles(page)).length).toBe(9);
});

test("the menu: rotation, lens, views kept under a name, all by keyboard", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const choose = async (...path: string[]) => {
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: "Góc nhìn số" }).waitFor();
    for (const name of ["Góc nhìn số", ...path]) {
      const entry = page.getByRole("menuitem", { name, exact: false }).last();
      await entry.focus();
      await page.keyboard.press(name === path.at(-1) ? "Enter" : "ArrowRight");
    }
  };
  await choose("Phóng to");
  await eventually(() => zoomOf(page, 0), 1250);
  await choose("Xoay phải 5°");
  await eventually(async () => (await viewOf(page, 0))?.rotation, 5);
  await choose("Nắn méo ống kính");
  await eventually(async () => (await viewOf(page, 0))?.corrected, true);
  await choose("Lưu góc nhìn…");
  await page.getByRole("textbox", { name: "Tên góc nhìn" }).fill("Quầy thu tiền");
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "keepView")).length, 1);
  const kept = await viewOf(page, 0);
  await page.locator("[role=dialog]").waitFor({ state: "detached" });
  await choose("Như camera gửi");
  await eventually(() => zoomOf(page, 0), 1000);
  await choose("Tới góc nhìn", "Quầy thu tiền");
  await eventually(() => viewOf(page, 0), kept);
  await choose("Xóa góc nhìn", "Quầy thu tiền");
  await eventually(async () => (await calls(page, "removeView")).length, 1);
  // Undo goes through it step by step.
  await page.keyboard.press("z");
  await eventually(() => zoomOf(page, 0), 1000);
  await page.keyboard.press("z");
  await eventually(() => viewOf(page, 0), kept);
});

test("a lens by hand: a known one, figures with a comma, and back to the inventory's", async () => {
  const page = await open({ query: "?role=supervisor" });
  await placeSite(page, "cho rach soi");
  const lensDialog = async () => {
    await tile(page, 1).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Góc nhìn số" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("menuitem", { name: "Ống kính…" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Loại ống kính" }).waitFor();
  };
  await lensDialog();
  await page.getByRole("combobox", { name: "Loại ống kính" }).selectOption("own");
  await page.getByRole("textbox", { name: "Góc nhìn ngang" }).fill("90,5");
  const keep = page.getByRole("button", { name: "Lưu", exact: true });
  expect(await keep.isDisabled()).toBe(true);
  await page.getByRole("textbox", { name: "Góc nhìn dọc" }).fill("50");
  await keep.click();
  await eventually(async () => (await calls(page, "setLens")).at(-1)?.[2], { horizontal: 905, vertical: 500, projection: "f_theta", distortion: 0 });
  await eventually(async () => (await viewOf(page, 1))?.corrected, true);
  await page.locator("[role=dialog]").waitFor({ state: "detached" });
  await lensDialog();
  await page.getByRole("combobox", { name: "Loại ống kính" }).selectOption("");
  await keep.click();
  await eventually(async () => (await calls(page, "setLens")).at(-1)?.[2], null);
});
