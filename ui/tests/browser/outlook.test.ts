// What is said and offered before pictures are lost, and what a wall of everything says without words.

import { expect, test } from "vitest";
import { barriers } from "./barriers";
import { eventually, open, placeSite, tiles } from "./console";

const shown = async (page: Parameters<typeof tiles>[0]) => (await tiles(page)).filter((name) => name !== "").length;

test("an act that costs pictures is asked about, and each way out is a button", async () => {
  const page = await open({ query: "?most=9" });
  await page.keyboard.press("/");
  await page.keyboard.type("benh vien");
  await page.locator("#results [role=option]").first().waitFor();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("alertdialog");
  await dialog.waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(await dialog.locator(".dialog-offers button").count()).toBe(2);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("1×1");
  await dialog.getByRole("button", { name: "Bỏ bớt" }).click();
  await eventually(() => shown(page), 9);
  expect(await dialog.count()).toBe(0);
});

test("a wall does with less when it is asked to, and its button says so", async () => {
  const page = await open();
  const button = page.locator(".layout-button");
  await button.click();
  await page.locator(".pictures").getByText("Luồng phụ", { exact: true }).click();
  await page.keyboard.press("Escape");
  await eventually(() => button.innerText(), "3×3\nLuồng phụ");
  await button.click();
  await page.locator(".pictures").getByText("Nét nhất có thể", { exact: true }).click();
  await page.keyboard.press("Escape");
  await eventually(() => button.innerText(), "3×3");
});

test("the page says what the colours of an overview mean", async () => {
  const page = await open();
  await page.locator("#wall").focus();
  await page.keyboard.press("o");
  const key = page.locator(".status .signals li");
  await eventually(() => key.count(), 4);
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press("?");
  await eventually(() => page.getByRole("dialog").locator(".signals li").count(), 4);
});

test("the memory says how much of it keeps the last half minute", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const memory = page.getByRole("list", { name: "Số liệu" }).getByRole("listitem").last();
  await eventually(async () => /^\d+ MiB$/.test(await memory.innerText()), true);
  const kept = async () => /^Trong đó (\d+) MiB giữ nửa phút/.exec((await memory.getAttribute("title")) ?? "")?.[1];
  await eventually(async () => Number(await kept()) > 0, true);
});
