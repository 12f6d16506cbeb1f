// Copies for viewing with what is masked in them, a check that takes a while, and footage that is kept on the machine.

import { expect, test } from "vitest";
import type { ExportFields } from "../../src/ipc/wire";
import { barriers } from "./barriers";
import { calls, eventually, letGo, open, step } from "./console";
import { dialog, last, opened, tab } from "./incident-steps";

async function exporting(query = "") {
  const page = await opened(query);
  await page.locator(".incident-detail").getByRole("button", { name: "Trích xuất", exact: true }).click();
  await dialog(page).getByLabel("Lý do trích xuất").fill("x");
  return page;
}

test("areas are masked by the mouse and by the keyboard, in the viewing copy alone", async () => {
  const page = await exporting();
  await dialog(page).getByLabel("Kèm bản xem (MP4)").click({ force: true });
  await page.getByRole("button", { name: /^Vùng che:/ }).click();
  const picture = page.locator(".mask-stage img");
  await picture.waitFor();
  const box = await picture.boundingBox();
  if (!box) throw new Error("the picture has a place");
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5, { steps: 4 });
  await page.mouse.up();
  await eventually(() => page.locator(".mask").count(), 1);
  await page.getByRole("button", { name: "Thêm vùng" }).focus();
  await page.keyboard.press("Enter");
  await eventually(() => page.locator(".mask").count(), 2);
  await page.getByLabel("Trái (‰)").nth(1).fill("900");
  await page.getByLabel("Cách che").nth(1).selectOption("mosaic");
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("button", { name: "Xong" }).click();
  await dialog(page).getByText("Vùng che: 2").waitFor();
  await dialog(page).getByRole("button", { name: "Xem trước" }).click();
  await dialog(page).getByRole("button", { name: "Bắt đầu trích xuất" }).click();
  await eventually(() => dialog(page).count(), 0);
  const fields = await last<ExportFields>(page, "beginExport");
  expect(fields?.viewing).toBe(true);
  const [first, second] = fields?.masks[0]?.masks ?? [];
  const near = (value: number | undefined, wanted: number) => expect(Math.abs((value ?? -100) - wanted)).toBeLessThanOrEqual(3);
  near(first?.x, 100);
  near(first?.y, 200);
  near(first?.width, 300);
  near(first?.height, 300);
  expect(second).toEqual({ x: 900, y: 400, width: 100, height: 200, look: "mosaic" });
});

test("without a picture areas are typed, and without an encoder no copy is offered", async () => {
  const page = await exporting("?no_still");
  await dialog(page).getByLabel("Kèm bản xem (MP4)").click({ force: true });
  await page.getByRole("button", { name: /^Vùng che:/ }).click();
  await page.getByText("Chưa lấy được hình từ đầu ghi").waitFor();
  await page.getByRole("button", { name: "Thêm vùng" }).click();
  await page.getByRole("button", { name: "Bỏ vùng 1" }).click();
  await eventually(() => page.locator(".mask").count(), 0);
  const other = await exporting("?no_encoder");
  expect(await dialog(other).getByLabel("Kèm bản xem (MP4)").isDisabled()).toBe(true);
  await dialog(other).getByText("không có bộ mã hóa hình").waitFor();
});

test("a check that takes a while says how far it is", async () => {
  const page = await open({ query: "?role=administrator&held", ready: ".workspace" });
  await page.keyboard.press("Alt+9");
  await page.getByRole("button", { name: "Kiểm tra gói chứng cứ" }).click();
  await dialog(page).getByLabel("Thư mục của gói").fill("/tmp/goi");
  await dialog(page).getByRole("button", { name: "Kiểm tra", exact: true }).click();
  await dialog(page).getByRole("progressbar").waitFor();
  await step(page);
  await dialog(page).getByText("Đã đọc 20").waitFor();
  expect(await barriers(page)).toEqual([]);
  await step(page);
  await dialog(page).getByText("Đã đọc 60").waitFor();
  await letGo(page);
  await dialog(page).getByText("Nguyên vẹn, nhưng chưa biết ai ký").waitFor();
  expect(await dialog(page).getByRole("progressbar").count()).toBe(0);
});

test("a sealed package is chosen in the system's own dialog, which begins where the path is", async () => {
  const page = await open({ query: "?role=administrator", ready: ".workspace" });
  await page.keyboard.press("Alt+9");
  await page.getByRole("button", { name: "Kiểm tra gói chứng cứ" }).click();
  await dialog(page).getByLabel("Thư mục của gói").fill("/media");
  await dialog(page).getByRole("button", { name: "Chọn tệp niêm phong…" }).click();
  await eventually(() => dialog(page).getByLabel("Thư mục của gói").inputValue(), "/media/usb/VA-12.watchwall-sealed");
  expect(await calls(page, "choosePath")).toEqual([["choosePath", "sealed_file", "/media"]]);
  // It asks for what opens it.
  await dialog(page).getByLabel("Mật khẩu niêm phong", { exact: true }).waitFor();
  expect(await barriers(page)).toEqual([]);
});

test("marked footage is kept on the machine, and dropped after a question", async () => {
  const page = await opened("?held");
  const row = page.getByRole("row", { name: "Người áo đỏ" });
  await row.getByRole("button", { name: "Giữ lại trên máy này" }).click();
  await row.getByText("Chờ đến lượt").waitFor();
  await row.getByText("Đầu ghi sẽ ghi đè khoảng").waitFor();
  await step(page);
  await row.getByRole("progressbar").waitFor();
  expect(await barriers(page)).toEqual([]);
  await letGo(page);
  await row.getByText("Đã giữ, 42,0 MB").waitFor();
  await tab(page, "Đánh dấu").click();
  await page.getByRole("row", { name: "Người áo đỏ" }).getByText("Đã giữ").waitFor();
  await page.getByRole("button", { name: "Bỏ bản giữ" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Bỏ bản giữ" }).click();
  await page.getByRole("button", { name: "Giữ lại trên máy này" }).waitFor();
  expect((await calls(page, "dropBookmarkCopy")).length).toBe(1);
});

test("an administrator says how much room kept footage may take", async () => {
  const page = await open({ query: "?role=administrator", ready: ".workspace" });
  await page.keyboard.press("Alt+9");
  await page.getByLabel("Dung lượng tối đa (GB)").fill("200");
  await page.getByRole("button", { name: "Lưu dung lượng" }).click();
  await eventually(async () => (await calls(page, "setSafeLimit")).at(-1)?.[1], 200);
});
