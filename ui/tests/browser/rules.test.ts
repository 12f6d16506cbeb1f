// Rules: when a device notices something, this happens.

import { expect, test } from "vitest";
import { barriers } from "./barriers";
import { calls, eventually, open } from "./console";

async function openSettings(query = "") {
  const page = await open({ query });
  await page.keyboard.press("Alt+8");
  await page.locator(".rules").waitFor();
  return page;
}

test("a rule is made by keys, told in words, switched off, changed and deleted", async () => {
  const page = await openSettings();
  await page.getByRole("button", { name: "Thêm quy tắc" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.keyboard.type("Đêm ở chợ");
  expect(await barriers(page)).toEqual([]);
  await dialog.getByLabel("Camera bị che hoặc xoay").press("Space");
  await dialog.getByLabel("Ở đâu").selectOption("camera");
  await dialog.getByRole("combobox", { name: "Một camera" }).selectOption("cho-1-2");
  await dialog.getByRole("switch", { name: "Chỉ trong một khoảng giờ" }).press("Space");
  await dialog.getByLabel("Từ").fill("22:00");
  await dialog.getByRole("button", { name: "Thêm việc" }).click();
  await dialog.getByRole("button", { name: "Lưu" }).click();
  await dialog.waitFor({ state: "detached" });
  const line = page.locator(".entry-line");
  expect(await line.innerText()).toContain("Có chuyển động, Camera bị che hoặc xoay");
  expect(await line.innerText()).toContain("22:00–06:00");
  expect(await line.innerText()).toContain("hiện ở ô tâm điểm 30 s, phát âm báo");
  const book = (await calls(page, "setEventRules")).at(-1)?.[1];
  expect(book).toMatchObject({
    rules: [{ name: "Đêm ở chợ", on: ["motion", "tampering"], at: { kind: "camera", id: "cho-1-2" }, between: { from: 1320, until: 360 }, pause: 60 }],
  });
  await line.getByRole("switch").press("Space");
  await eventually(async () => JSON.stringify((await calls(page, "setEventRules")).at(-1)).includes('"enabled":false'), true);
  await line.getByRole("button", { name: "Sửa quy tắc: Đêm ở chợ" }).click();
  await dialog.getByRole("button", { name: "Bỏ việc 1" }).click();
  await dialog.getByRole("button", { name: "Bỏ việc 1" }).click();
  expect(await dialog.getByRole("button", { name: "Lưu" }).isDisabled()).toBe(true);
  await page.keyboard.press("Escape");
  await line.getByRole("button", { name: "Xóa quy tắc: Đêm ở chợ" }).click();
  await eventually(() => line.count(), 0);
});

test("quiet hours are a time of day that can be changed", async () => {
  const page = await openSettings("?theme=light");
  await page.getByRole("switch", { name: /^Giờ yên lặng/ }).press("Space");
  await page.getByLabel("Đến").waitFor();
  await page.getByLabel("Đến").fill("05:30");
  await eventually(async () => JSON.stringify((await calls(page, "setEventRules")).at(-1)?.[1]), JSON.stringify({ rules: [], quiet: [{ from: 1320, until: 330 }] }));
  expect(await barriers(page)).toEqual([]);
});
