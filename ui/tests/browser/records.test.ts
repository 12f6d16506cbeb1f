// The log, by the keyboard.

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { RecordFilter } from "../../src/ipc/wire";
import { barriers } from "./barriers";
import { calls, eventually, open } from "./console";

const records = (query = "") => open({ query: `?role=auditor${query}`, ready: "#record-1234" });
const lastFilter = async (page: Page) => (await calls(page, "records")).at(-1)?.[1] as RecordFilter;
const kinds = (page: Page) => page.locator(".record[role=option] .record-kind").allInnerTexts();

test("the newest first, 200 at a time, the older ones as somebody goes there", async () => {
  const page = await records();
  await page.getByLabel("Thời gian", { exact: true }).selectOption("all");
  await page.getByText("200 dòng mới nhất").waitFor();
  await page.getByRole("listbox", { name: "Hoạt động" }).focus();
  await page.locator(".particulars .facts").first().waitFor();
  expect(await page.locator(".particulars dd").first().innerText()).toBe("1.234");
  await page.keyboard.press("End");
  await page.getByText("400 dòng mới nhất").waitFor();
  expect(await page.locator(".particulars dd").first().innerText()).toBe("1.035");
  await page.getByRole("button", { name: "Cũ hơn" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("600 dòng mới nhất").waitFor();
  // What is not in view is not in the page.
  expect(await page.locator(".record[role=option]").count()).toBeLessThan(60);
});

test("filters: person, kinds, camera, words; each is asked of the program", async () => {
  const page = await records();
  await page.getByLabel("Người", { exact: true }).focus();
  await page.keyboard.type("truc3");
  await eventually(async () => (await lastFilter(page)).account, "truc3");
  await page.getByRole("button", { name: "Loại: Mọi loại" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemcheckbox", { name: "Bị từ chối" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await eventually(async () => new Set(await kinds(page)), new Set(["Bị từ chối"]));
  await page.getByRole("button", { name: "Bỏ chọn loại" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Camera hoặc điểm" }).focus();
  await page.keyboard.type("cho rach soi");
  await page.keyboard.press("Enter");
  await eventually(async () => (await lastFilter(page)).subject, "cho");
  await page.getByRole("button", { name: "Bỏ camera hoặc điểm" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".workspace-title").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("quay");
  await eventually(async () => new Set(await kinds(page)), new Set(["Điều khiển"]));
  await page.keyboard.type("zzz");
  await page.getByText("Không có dòng nào như vậy").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".record[role=option]").first().waitFor();
});

test("from and to as people type them; what is no date is marked and asks nothing", async () => {
  const page = await records();
  await page.getByLabel("Thời gian", { exact: true }).selectOption("own");
  const from = page.getByLabel("Từ", { exact: true });
  await from.fill("1/2/2026 7h30");
  await eventually(async () => (await lastFilter(page)).from, new Date(2026, 1, 1, 7, 30).getTime());
  const asked = (await calls(page, "records")).length;
  await from.fill("31/2/2026");
  expect(await from.getAttribute("aria-invalid")).toBe("true");
  expect((await calls(page, "records")).length).toBe(asked);
});

test("how long cameras were watched, by any column", async () => {
  const page = await records();
  await page.getByRole("radio", { name: "Thời gian xem" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Thời gian", { exact: true }).selectOption("all");
  const firstTime = () => page.locator(".table tbody tr").first().locator("td").nth(2).innerText();
  await eventually(async () => (await page.locator(".table tbody tr").count()) > 20, true);
  const most = await firstTime();
  await page.getByRole("button", { name: "Tổng thời gian" }).focus();
  await page.keyboard.press("Enter");
  await eventually(async () => (await firstTime()) !== most, true);
  expect(await page.locator("th[aria-sort=ascending]").innerText()).toBe("Tổng thời gian");
});

test("verified: sound, with the anchor to be copied; or not, with what was found", async () => {
  const page = await records();
  await page.getByRole("button", { name: "Kiểm chứng" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Nguyên vẹn: 1.234 dòng, không dòng nào bị sửa.").waitFor();
  expect(await page.locator(".anchor").innerText()).toContain("5f1c 93ae");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Chép mã neo" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Đã chép").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("5f1c 93ae");
  expect(await barriers(page)).toEqual([]);
  const forged = await records("&forged");
  await forged.getByRole("button", { name: "Kiểm chứng" }).click();
  await forged.getByText("Sau dòng 902 thiếu 3 dòng.").waitFor();
});

test("handed out as the filter leaves them, and says where", async () => {
  const page = await records();
  await page.getByRole("button", { name: "Xuất" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Syslog" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".toast").getByText("nhat-ky-2026-11-22.log").waitFor();
  const [, filter, format] = (await calls(page, "exportRecords"))[0] ?? [];
  expect(format).toBe("syslog");
  expect((filter as RecordFilter).from).toBe(new Date().setHours(0, 0, 0, 0));
});

test("hostile names stay text", async () => {
  const page = await records();
  await page.getByLabel("Thời gian", { exact: true }).selectOption("all");
  await page.getByLabel("Tìm trong nội dung").fill("onerror");
  await page.locator(".record-text").getByText("<img src=x onerror=").first().waitFor();
  await page.getByRole("listbox", { name: "Hoạt động" }).focus();
  expect(await page.locator(".particulars-text").innerText()).toContain("<img src=x");
  expect(await page.evaluate(() => (window as { hostile?: boolean }).hostile)).toBeUndefined();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1366);
});

describe.each(["dark", "light"])("no barriers, %s", (theme) => {
  test("list, particulars, filters, ledger", async () => {
    const page = await records(`&theme=${theme}`);
    await page.getByRole("listbox", { name: "Hoạt động" }).focus();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole("combobox", { name: "Camera hoặc điểm" }).fill("benh");
    await page.locator(".picker-option").first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole("radio", { name: "Thời gian xem" }).click();
    await page.locator(".table tbody tr").first().waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});

test("in English and at 200 % everything is within reach", async () => {
  const page = await open({ query: "?role=auditor&language=en", ready: "#record-1234", width: 683, height: 384 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(683);
  for (const text of await page.locator("h1, button:not(.person-button), .record-head, .record-kind, .quiet").allInnerTexts()) {
    expect(text).not.toMatch(/[ăâđêôơưàảãáạ]/i);
  }
  const cut = await page
    .locator(".top-bar button, .pane-bar button, .pane-bar input, .records-foot button")
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()).filter((box) => box.right > window.innerWidth || box.bottom > window.innerHeight).length);
  expect(cut).toBe(0);
});
