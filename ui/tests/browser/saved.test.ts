// Layouts and tours that people keep.

import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite, tiles } from "./console";

async function openSaved(page: Page): Promise<void> {
  await page.keyboard.press("l");
  await page.locator(".saved").waitFor();
}

const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");

test("by keys: keep the wall, open another, rename, remove", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await openSaved(page);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  while (!(await focusedText(page)).includes("Lưu tường hiện tại")) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByLabel("Tên bố cục").waitFor();
  await page.keyboard.type("Chợ buổi sáng");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await eventually(() => calls(page, "saveLayout"), [["saveLayout", 0, "Chợ buổi sáng", true]]);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await openSaved(page);
  await page.getByRole("button", { name: "Cổng các điểm" }).focus();
  await page.keyboard.press("Enter");
  await eventually(async () => (await tiles(page)).length, 4);
  await openSaved(page);
  await page.getByRole("button", { name: /Chợ buổi sáng.*9 camera/ }).first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const name = page.getByRole("textbox", { name: "Tên bố cục" });
  await name.fill("Chợ buổi chiều");
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "renameLayout")).at(-1)?.slice(2), ["Chợ buổi chiều", true]);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await openSaved(page);
  await page.getByRole("button", { name: /Xóa .*Chợ buổi chiều/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "removeLayout")).length, 1);
});

test("a name that is taken is refused where it was typed", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await openSaved(page);
  await page.getByRole("button", { name: "Lưu tường hiện tại" }).click();
  await page.keyboard.type("Bệnh viện ban đêm");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "Tên này đã có" }).waitFor();
  expect(await page.getByLabel("Tên bố cục").inputValue()).toBe("Bệnh viện ban đêm");
});

test("a tour: stops, order by keys and by dragging, seconds, running, pause, stop", async () => {
  const page = await open();
  await openSaved(page);
  await page.getByRole("button", { name: "Vòng tuần tra mới" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Tên vòng").waitFor();
  await page.keyboard.type("Vòng sáng");
  const add = page.getByLabel("Thêm chặng");
  for (const layout of ["L1", "L2", "L3"]) await add.selectOption(layout);
  const order = () => page.locator(".tour-stop-name").allInnerTexts();
  expect((await order()).map((name) => name.slice(0, 4))).toEqual(["Cổng", "Bệnh", "<b>C"]);
  await page.locator(".tour-handle").first().focus();
  await page.keyboard.press("ArrowDown");
  await eventually(async () => (await order())[0], "Bệnh viện ban đêm");
  // The focus stays on what is moved.
  await page.keyboard.press("ArrowDown");
  await eventually(async () => (await order())[2], "Cổng các điểm");
  const [first, last] = [await page.locator(".tour-handle").first().boundingBox(), await page.locator(".tour-handle").last().boundingBox()];
  if (!first || !last) throw new Error("no handles");
  await page.mouse.move(last.x + 8, last.y + 8);
  await page.mouse.down();
  await page.mouse.move(first.x + 8, first.y + 8, { steps: 6 });
  await page.mouse.up();
  await eventually(async () => (await order())[0], "Cổng các điểm");
  const keep = page.getByRole("button", { name: "Lưu", exact: true });
  await page.locator(".tour-seconds input").first().fill("2");
  expect(await keep.isDisabled()).toBe(true);
  await page.locator(".tour-seconds input").first().fill("45");
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "saveTour")).length, 1);
  expect((await calls(page, "saveTour"))[0]?.[1]).toMatchObject({ id: null, name: "Vòng sáng", shared: false, stops: [{ layout: "L1", seconds: 45 }, {}, {}] });
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await openSaved(page);
  await page.getByRole("button", { name: /Chạy vòng .*Vòng sáng/ }).focus();
  await page.keyboard.press("Enter");
  const mark = page.getByRole("group", { name: /Đang chạy vòng .*Vòng sáng.*, chặng 1 trên 3/ });
  await mark.waitFor();
  await mark.getByRole("button", { name: "Tạm dừng vòng" }).focus();
  await page.keyboard.press("Enter");
  await mark.getByRole("button", { name: "Chạy tiếp vòng" }).waitFor();
  await mark.getByRole("button", { name: "Dừng vòng", exact: true }).focus();
  await page.keyboard.press("Enter");
  await mark.waitFor({ state: "detached" });
  expect((await calls(page, "pauseTour")).at(-1)).toEqual(["pauseTour", 0, true]);
});

test("who may not share is not asked whether to", async () => {
  const page = await open({ query: "?role=operator" });
  await placeSite(page, "cho rach soi");
  await openSaved(page);
  await page.getByRole("button", { name: "Lưu tường hiện tại" }).click();
  await page.getByLabel("Tên bố cục").waitFor();
  expect(await page.getByRole("checkbox").count()).toBe(0);
  await page.keyboard.type("Của tôi");
  await page.keyboard.press("Enter");
  await eventually(() => calls(page, "saveLayout"), [["saveLayout", 0, "Của tôi", false]]);
});

describe.each(["dark", "light"])("no barriers, %s", (theme) => {
  test("the list, a name, a tour, one that runs", async () => {
    const page = await open({ query: `?theme=${theme}` });
    await placeSite(page, "cho rach soi");
    await openSaved(page);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole("button", { name: "Lưu tường hiện tại" }).click();
    await page.getByLabel("Tên bố cục").waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await openSaved(page);
    await page.getByRole("button", { name: "Vòng tuần tra mới" }).click();
    await page.getByLabel("Thêm chặng").selectOption("L3");
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await openSaved(page);
    await page.getByRole("button", { name: /Chạy vòng/ }).first().click();
    await page.locator(".running-tour").waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});
