// The inventory: brought in, handed out, fetched, signed.

import { describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { barriers } from "./barriers";
import { calls, eventually, open } from "./console";

async function openInventory(query = ""): Promise<Page> {
  const page = await open({ query: `?role=administrator${query}`, ready: ".workspace" });
  await page.keyboard.press("Alt+4");
  await page.locator(".drop-box").waitFor();
  return page;
}

const choose = (page: Page, name: string, text = "ten;dia chi") =>
  page.setInputFiles("input[type=file]", { name, mimeType: "text/csv", buffer: Buffer.from(text) });
const takeOver = (page: Page) => page.getByRole("button", { name: "Nhập", exact: true });

test("a sound file: looked at, then taken over, and only then", async () => {
  const page = await openInventory();
  expect(await page.locator(".stock-counts").innerText()).toMatch(/8\s+Điểm[^]*95\s+Camera|Điểm\s+8[^]*Camera\s+95/);
  await choose(page, "kho.csv");
  await takeOver(page).waitFor();
  expect(await page.locator(".import-preview").innerText()).toContain("CSV, UTF-8");
  expect(await page.locator("tr[data-change=added]").innerText()).toMatch(/2\s+3\s+11/);
  expect(await calls(page, "applyImport")).toEqual([]);
  await takeOver(page).focus();
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "applyImport")).length, 1);
  await page.locator(".import-preview").waitFor({ state: "detached" });
  await page.locator(".toast", { hasText: "Đã nhập danh mục" }).waitFor();
});

test("broken rows: what and where, copied as text, nothing to take over", async () => {
  const page = await openInventory();
  await choose(page, "hong.csv");
  const rows = page.locator(".row-errors tbody tr");
  await eventually(() => rows.count(), 3);
  expect(await rows.nth(1).innerText()).toMatch(/17\s+Kênh\s+mười hai\s+Phải là số từ 1 đến 64/);
  expect(await rows.nth(2).innerText()).toContain("<img src=x onerror");
  expect(await takeOver(page).isDisabled()).toBe(true);
  expect(await page.evaluate(() => (window as { hostile?: boolean }).hostile)).toBeUndefined();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Chép danh sách lỗi" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Đã chép").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split("\n")).toHaveLength(4);
  expect(copied.split("\n")[2]).toBe("17\tKênh\tmười hai\tPhải là số từ 1 đến 64");
  // The same file, corrected, is chosen again.
  await choose(page, "kho.csv");
  await page.locator(".row-errors").waitFor({ state: "detached" });
  expect(await takeOver(page).isDisabled()).toBe(false);
});

test("five hundred errors: the first ones, and how many there are", async () => {
  const page = await openInventory();
  await choose(page, "rat-hong.csv");
  await page.locator(".row-errors").waitFor();
  expect(await page.locator(".row-errors h3").innerText()).toBe("500 lỗi cần sửa");
  expect(await page.locator(".row-errors tbody tr").count()).toBe(100);
  expect(await page.locator(".row-errors").innerText()).toContain("Còn 400 lỗi");
});

test("a list without addresses is healed by a template; the field stays", async () => {
  const page = await openInventory();
  await choose(page, "mau.csv");
  const template = page.getByLabel("Mẫu địa chỉ luồng");
  await template.focus();
  await page.keyboard.type("rtsp://{recorder}/ch{channel}/{profile}");
  await page.keyboard.press("Enter");
  await page.locator(".row-errors").waitFor({ state: "detached" });
  expect(await template.inputValue()).toBe("rtsp://{recorder}/ch{channel}/{profile}");
  expect(await takeOver(page).isDisabled()).toBe(false);
});

test("what would remove devices is asked about; the way out has the focus", async () => {
  const page = await openInventory();
  await choose(page, "bot.csv");
  await takeOver(page).focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog");
  await question.waitFor();
  expect(await question.innerText()).toContain("4 camera");
  await page.keyboard.press("Enter");
  await question.waitFor({ state: "detached" });
  expect(await calls(page, "applyImport")).toEqual([]);
  await takeOver(page).click();
  await question.getByRole("button", { name: "Nhập" }).click();
  await eventually(async () => (await calls(page, "applyImport")).length, 1);
});

test("an empty file is refused in words; a dropped one is read", async () => {
  const page = await openInventory();
  await choose(page, "trong.csv", "");
  expect(await page.getByRole("alert").innerText()).toContain("Tệp trống");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["a;b"], "keo-vao.csv", { type: "text/csv" }));
    document.querySelector(".drop-box")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
  });
  await page.locator(".drop-box", { hasText: "keo-vao.csv" }).waitFor();
  await takeOver(page).waitFor();
});

test("handed out, fetched, signed: each says what came of it", async () => {
  const page = await openInventory();
  await page.getByRole("button", { name: "CSV" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".toast", { hasText: "kho-camera.csv" }).waitFor();
  const source = page.getByLabel("Thư mục hoặc địa chỉ HTTPS");
  await source.fill("https://khong-co.example");
  await page.keyboard.press("Enter");
  await page.locator(".inline-notice", { hasText: "Lần lấy về vừa rồi không thành" }).waitFor();
  expect((await calls(page, "setStockSource")).at(-1)).toEqual(["setStockSource", "https://khong-co.example"]);
  await page.getByRole("button", { name: "Lấy về ngay" }).click();
  await eventually(async () => (await calls(page, "fetchStock")).length, 1);
  const key = page.getByLabel("Khóa công khai của máy ký");
  await key.fill("không phải khóa");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "không phải là khóa" }).waitFor();
  await key.fill("MCowBQYDK2VwAyEAf0Q6Zl0m3u8c1n9pQ2rWkYt7sVbXeHgJdLaRzOiUyTw");
  await page.keyboard.press("Enter");
  await page.getByLabel("Dấu của khóa: 41D0 2E9C 66AF 130B").waitFor();
  await page.getByRole("button", { name: "Tạo khóa ký" }).click();
  await page.locator(".key-text", { hasText: "MCow" }).waitFor();
  await page.getByRole("button", { name: "Thôi đòi chữ ký" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Thôi đòi chữ ký" }).click();
  await eventually(async () => (await calls(page, "enrolKey")).at(-1), ["enrolKey", null]);
});

describe.each(["dark", "light"])("no barriers, %s", (theme) => {
  test("empty, with errors, asking", async () => {
    const page = await openInventory(`&theme=${theme}`);
    expect(await barriers(page)).toEqual([]);
    await choose(page, "hong-mau.csv");
    await page.locator(".row-errors").waitFor();
    expect(await barriers(page)).toEqual([]);
    await choose(page, "bot.csv");
    await page.locator("tr[data-change=removed]").waitFor();
    await takeOver(page).click();
    await page.getByRole("alertdialog").waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});
