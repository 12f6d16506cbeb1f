// A new device: found, met with a login, put into the inventory.

import { expect, test } from "vitest";
import { barriers } from "./barriers";
import { calls, eventually, open } from "./console";

async function openInventory(query = "") {
  const page = await open({ query: `?role=administrator${query}`, ready: ".workspace" });
  await page.keyboard.press("Alt+4");
  await page.locator(".enrol").waitFor();
  return page;
}

test("by keys: addresses are asked, a device is met and its cameras are added", async () => {
  const page = await openInventory();
  await page.getByLabel("Địa chỉ hoặc dải địa chỉ").fill("10.1.2.10-12");
  await page.keyboard.press("Enter");
  await page.getByText("3 thiết bị trả lời").waitFor();
  expect(await calls(page, "findDevices")).toEqual([["findDevices", "10.1.2.10-12"]]);
  // A name that looks like markup stays a name; what is enrolled already and what speaks RTSP alone says so.
  const lines = page.locator(".enrol-found li");
  expect(await lines.nth(1).innerText()).toMatch(/<b>NVR<\/b>[^]*Đã có trong danh mục/);
  expect(await lines.nth(2).getByRole("button").count()).toBe(0);
  expect(await barriers(page)).toEqual([]);

  await lines.nth(0).getByRole("button").press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[name=user]").fill("quantri");
  await dialog.locator("input[name=password]").fill("sai");
  await page.keyboard.press("Enter");
  await dialog.getByText("Sai tên hoặc mật khẩu").waitFor();
  await dialog.locator("input[name=password]").fill("dung");
  await page.keyboard.press("Enter");
  await dialog.getByText("Đồng hồ nhanh 83,4 s").waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(await dialog.getByRole("checkbox", { name: "Lấy kênh 3" }).isDisabled()).toBe(true);
  await dialog.getByLabel("Điểm", { exact: true }).selectOption({ label: "Điểm mới …" });
  const add = dialog.getByRole("button", { name: "Thêm 2 camera" });
  expect(await add.isDisabled()).toBe(true);
  await dialog.getByLabel("Tên điểm").fill("Chợ nổi");
  await dialog.getByLabel("Tên camera kênh 2").fill("Bến tàu");
  await dialog.getByRole("checkbox", { name: "Lấy kênh 1" }).press("Space");
  await dialog.getByRole("button", { name: "Thêm 1 camera" }).press("Enter");
  await dialog.waitFor({ state: "detached" });
  const [, enrolment] = (await calls(page, "enrolDevice"))[0] ?? [];
  expect(enrolment).toMatchObject({ token: 7, site: null, site_name: "Chợ nổi", sends_mbps: 20, viewers: 6, channels: [{ number: 2, name: "Bến tàu" }] });
  await eventually(async () => (await lines.nth(0).innerText()).includes("Đã có trong danh mục"), true);
});

test("an address that is none says what is wrong", async () => {
  const page = await openInventory("&theme=light");
  await page.getByLabel("Địa chỉ hoặc dải địa chỉ").fill("?");
  await page.keyboard.press("Enter");
  await page.getByText("“?” không phải địa chỉ.").waitFor();
  expect(await barriers(page)).toEqual([]);
});
