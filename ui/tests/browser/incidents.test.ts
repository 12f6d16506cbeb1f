// Incidents and evidence: from a picture to a bookmark, an incident, an export and its check.

import { expect, test } from "vitest";
import type { BookmarkFields, ExportFields, IncidentFields } from "../../src/ipc/wire";
import { barriers } from "./barriers";
import { calls, eventually, letGo, open } from "./console";
import { dialog, last, opened, tab } from "./incident-steps";

test("a key marks the place that is played, in an incident that is begun with it", async () => {
  const page = await opened();
  const mark = await last<BookmarkFields>(page, "saveBookmark");
  expect(mark?.words).toBe("Người áo đỏ");
  expect(mark?.cameras.length).toBe(1);
  const at = mark?.period.from ?? 0;
  expect(mark?.period.until).toBe(at);
  // Where playback began: a minute ago, and not now.
  expect((await page.evaluate(() => Date.now())) - at / 1000).toBeGreaterThan(50_000);
  await page.getByRole("row", { name: "Người áo đỏ" }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("row", { name: "Người áo đỏ" }).getByRole("button", { name: "Xem lại" }).click();
  await eventually(async () => (await calls(page, "startPlayback")).at(-1)?.[2], at);
  await page.locator(".playback").waitFor();
});

test("an incident is searched without marks, written into, closed and opened again", async () => {
  const page = await opened();
  await page.keyboard.press("/");
  await page.keyboard.type("trom va 12");
  await eventually(() => page.getByRole("option").count(), 1);
  await page.keyboard.type(" khong co");
  await page.getByText("Không tìm thấy vụ việc nào").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.getByLabel("Ghi chú mới").fill("Đã gọi công an xã\nhẹn 15 giờ");
  await page.getByRole("button", { name: "Thêm ghi chú" }).click();
  await page.getByText("hẹn 15 giờ").waitFor();
  await page.getByRole("button", { name: "Đóng vụ việc" }).click();
  await page.getByRole("button", { name: "Mở lại" }).waitFor();
  await eventually(() => page.getByLabel("Ghi chú mới").count(), 0);
  await page.getByLabel("Chỉ đang xử lý").click({ force: true });
  await page.getByText("Không tìm thấy vụ việc nào").waitFor();
  await page.getByRole("button", { name: "Mở lại" }).click();
  await page.getByRole("option", { name: "Mất trộm ở chợ" }).waitFor();
});

test("who reads an incident, and where and when it was, is chosen in its form", async () => {
  const page = await opened();
  await page.getByRole("button", { name: "Sửa vụ việc" }).click();
  await dialog(page).getByLabel("Trần Văn Bình").click({ force: true });
  await dialog(page).getByLabel("Từ", { exact: true }).fill("xx");
  await dialog(page).getByText("Chưa đúng ngày giờ").waitFor();
  await dialog(page).getByLabel("Từ", { exact: true }).fill("16/07/2026 07:30:15");
  await dialog(page).getByLabel("Đến", { exact: true }).fill("16/07/2026 07:31");
  expect(await barriers(page)).toEqual([]);
  await dialog(page).getByRole("button", { name: "Lưu" }).click();
  await eventually(() => dialog(page).count(), 0);
  const fields = await last<IncidentFields>(page, "saveIncident");
  expect(fields?.accounts).toEqual(["binh"]);
  const [stretch] = fields?.stretches ?? [];
  const from = new Date(2026, 6, 16, 7, 30, 15).getTime();
  expect(stretch?.period).toEqual({ from: from * 1000, until: (from + 45_000) * 1000 });
  await page.getByText("Người mở, trưởng ca và Trần Văn Bình").waitFor();
});

test("an export looks ahead, goes on in the background, and is checked", async () => {
  const page = await opened("?held");
  await page.locator(".incident-detail").getByRole("button", { name: "Trích xuất", exact: true }).click();
  expect(await dialog(page).getByLabel("Số vụ việc").inputValue()).toBe("VA 12/2026");
  await dialog(page).getByLabel("Lý do trích xuất").fill("Theo yêu cầu của công an phường");
  await dialog(page).getByRole("button", { name: "Xem trước" }).click();
  await dialog(page).getByText("Có đủ bản ghi").waitFor();
  await dialog(page).getByText("42,0 GB").waitFor();
  expect(await barriers(page)).toEqual([]);
  await dialog(page).getByRole("button", { name: "Bắt đầu trích xuất" }).click();
  await eventually(() => dialog(page).count(), 0);
  const fields = await last<ExportFields>(page, "beginExport");
  expect(fields?.reason).toBe("Theo yêu cầu của công an phường");
  expect(fields?.incident).not.toBeNull();
  await tab(page, "Trích xuất").click();
  await page.getByRole("progressbar").waitFor();
  expect(await barriers(page)).toEqual([]);
  await letGo(page);
  await page.getByText("Hoàn chỉnh", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Kiểm tra", exact: true }).click();
  await dialog(page).getByRole("button", { name: "Kiểm tra", exact: true }).click();
  await dialog(page).getByText("Nguyên vẹn, nhưng chưa biết ai ký").waitFor();
  expect(await barriers(page)).toEqual([]);
});

test("what would not fit is not begun", async () => {
  const page = await opened("?full");
  await page.locator(".incident-detail").getByRole("button", { name: "Trích xuất", exact: true }).click();
  await dialog(page).getByLabel("Lý do trích xuất").fill("x");
  await dialog(page).getByRole("button", { name: "Xem trước" }).click();
  await dialog(page).getByText("Không đủ chỗ trong thư mục này").waitFor();
  expect(await dialog(page).getByRole("button", { name: "Xem trước" }).isDisabled()).toBe(true);
  await dialog(page).getByRole("button", { name: "Chọn thư mục…" }).click();
  await eventually(() => dialog(page).getByLabel("Thư mục", { exact: true }).inputValue(), "/media/usb");
  expect((await calls(page, "choosePath")).at(-1)).toEqual(["choosePath", "folder", ""]);
  expect(await dialog(page).getByRole("button", { name: "Xem trước" }).isDisabled()).toBe(false);
});

test("a stopped export goes on, or is completed with gaps, or goes away after a question", async () => {
  const page = await opened("?held");
  await page.locator(".incident-detail").getByRole("button", { name: "Trích xuất", exact: true }).click();
  await dialog(page).getByLabel("Lý do trích xuất").fill("x");
  await dialog(page).getByRole("button", { name: "Xem trước" }).click();
  await dialog(page).getByRole("button", { name: "Bắt đầu trích xuất" }).click();
  await tab(page, "Trích xuất").click();
  await page.getByRole("button", { name: "Dừng" }).click();
  await page.getByText("Đã dừng, chưa hoàn chỉnh").waitFor();
  await page.getByRole("button", { name: "Tiếp tục" }).click();
  await eventually(async () => (await calls(page, "resumeExport")).at(-1)?.[2], false);
  await page.getByRole("button", { name: "Dừng" }).click();
  await page.getByRole("button", { name: "Xóa phần đã có" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Xóa phần đã có" }).click();
  await page.getByText("Đã xóa", { exact: true }).waitFor();
  expect((await calls(page, "stopExport")).at(-1)?.[2]).toBe(true);
});

test("an administrator has four eyes asked for and enrols keys; incidents are not theirs to read", async () => {
  const page = await open({ query: "?role=administrator", ready: ".workspace" });
  await page.keyboard.press("Alt+9");
  await page.locator(".evidence-policy").waitFor();
  expect(await tab(page, "Đánh dấu").count()).toBe(0);
  await page.getByLabel("Phải có người thứ hai duyệt mới được đưa ra ngoài").click({ force: true });
  await eventually(async () => (await calls(page, "setFourEyes")).at(-1)?.[1], true);
  await page.getByRole("row", { name: "Nguyễn Văn Trực" }).getByRole("button", { name: "Ghi danh" }).click();
  await page.getByRole("cell", { name: "Đã ghi danh" }).waitFor();
  expect(await barriers(page)).toEqual([]);
});
