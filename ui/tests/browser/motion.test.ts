// Motion that is looked for in recordings: where, when and how, what is found while it goes on, and what was not searched.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { MotionFields, PlayAct } from "../../src/ipc/wire";
import { barriers } from "./barriers";
import { calls, eventually, letGo, step } from "./console";
import { goWhereAllIsRecorded, playing } from "./playing-steps";

type Fake = { motion: { ends: object | null } };

const line = (page: Page) => page.getByRole("slider", { name: "Dòng thời gian" });
const dialog = (page: Page) => page.getByRole("dialog", { name: /^Tìm chuyển động: / });
const results = (page: Page) => page.getByRole("region", { name: "Kết quả tìm chuyển động" });
const status = (page: Page) => results(page).getByRole("status");
const hits = (page: Page) => results(page).getByRole("button", { name: /^Có chuyển động ngày / });
const place = async (page: Page) => Number(await line(page).getAttribute("aria-valuenow"));
const asked = async (page: Page) => (await calls(page, "searchMotion")).map(([, , fields]) => fields as MotionFields);
const lastSeek = async (page: Page) => {
  const acts = (await calls(page, "play")).map(([, , act]) => act as PlayAct);
  return acts.findLast((act) => act.kind === "seek")?.at ?? null;
};

/** A wall that stands still at a time before which nothing is missing for three hours; the dialog of the second camera is open. */
async function searching(query = ""): Promise<Page> {
  const page = await playing(query);
  await page.keyboard.press("Space");
  await goWhereAllIsRecorded(page);
  await page.locator('#wall [data-at="1"]').click();
  await page.keyboard.press("Shift+F");
  await dialog(page).waitFor();
  return page;
}

const begin = (page: Page) => dialog(page).getByRole("button", { name: "Tìm", exact: true }).press("Enter");

test("an area is drawn on the camera's own picture or typed, and what is asked for is what was chosen", async () => {
  const page = await searching();
  const picture = dialog(page).getByRole("img", { name: /^Hình đang xem, lúc / });
  await picture.waitFor();
  const box = await picture.boundingBox();
  if (!box) throw new Error("not shown");
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.5);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.9, { steps: 4 });
  await page.mouse.up();
  const fields = dialog(page).getByRole("list", { name: "Vùng tìm" });
  const first = fields.getByRole("listitem", { name: "Vùng 1" });
  await eventually(async () => Math.abs(Number(await first.getByLabel("Trái (‰)").inputValue()) - 250) <= 5, true);
  await dialog(page).getByRole("button", { name: "Thêm vùng" }).press("Enter");
  const second = fields.getByRole("listitem", { name: "Vùng 2" });
  await second.getByLabel("Rộng (‰)").fill("100");
  await dialog(page).getByText("Cao", { exact: true }).click();
  expect(await barriers(page)).toEqual([]);
  const from = Number(await line(page).getAttribute("aria-valuemin"));
  await begin(page);
  await eventually(async () => (await asked(page)).length, 1);
  const [wanted] = await asked(page);
  expect(wanted?.sensitivity).toBe("high");
  expect(wanted?.area.length).toBe(2);
  expect(wanted?.area[1]).toEqual({ x: 400, y: 400, width: 100, height: 200 });
  expect(Math.abs((wanted?.area[0]?.width ?? 0) - 500)).toBeLessThanOrEqual(8);
  // What the time line shows: an hour.
  expect(Math.abs((wanted?.period.from ?? 0) / 1e6 - from)).toBeLessThanOrEqual(1);
  expect((wanted?.period.until ?? 0) - (wanted?.period.from ?? 0)).toBe(3_600_000_000);
  await eventually(() => dialog(page).count(), 0);
});

test("hits appear while it searches, with pictures, and a click and the keys go from one to the next", async () => {
  const page = await searching("?held");
  await begin(page);
  await results(page).waitFor();
  expect(await results(page).getByRole("progressbar").count()).toBe(1);
  await eventually(async () => {
    await step(page);
    return (await hits(page).count()) > 0;
  }, true);
  await eventually(() => status(page).innerText(), "Đang tìm…");
  await letGo(page);
  await hits(page).first().waitFor();
  await eventually(() => status(page).innerText(), "Đã tìm xong");
  const count = await hits(page).count();
  expect(count).toBeGreaterThanOrEqual(3);
  await eventually(() => results(page).locator(".motion-image img").count(), Math.min(count, 4));
  expect(await results(page).getByRole("progressbar").count()).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await hits(page).nth(1).press("Enter");
  // In the fake something moves at these minutes of every hour.
  const minute = async () => ((await lastSeek(page)) ?? 0) / 60e6 % 60;
  const found = [7, 22, 37, 52];
  await eventually(async () => found.includes(await minute()), true);
  const second = (await lastSeek(page)) ?? 0;
  await eventually(() => place(page), second / 1e6);
  await eventually(async () => (await line(page).getAttribute("aria-valuetext"))?.endsWith("có chuyển động tìm được"), true);
  await eventually(() => hits(page).nth(1).getAttribute("aria-current"), "time");
  await line(page).focus();
  await page.keyboard.press("Shift+K");
  await eventually(async () => ((await lastSeek(page)) ?? 0) > second, true);
  await eventually(async () => [0, ...found].includes(await minute()), true);
  await page.keyboard.press("Shift+J");
  await eventually(async () => ((await lastSeek(page)) ?? 0) <= second, true);
  await results(page).getByRole("button", { name: "Đóng kết quả tìm" }).press("Enter");
  await eventually(() => results(page).count(), 0);
});

test("it is stopped at any time, and what was not searched is said", async () => {
  const page = await searching("?held");
  await begin(page);
  await results(page).getByRole("button", { name: "Dừng tìm" }).press("Enter");
  await eventually(() => status(page).innerText(), "Đã dừng tìm");
  const missed = results(page).getByText("Phần chưa xem được: 1");
  await missed.click();
  await results(page).getByText(/: đã dừng tìm trước đó$/).waitFor();
  expect((await calls(page, "endMotionSearch")).length).toBe(1);
});

test("nothing is called quiet that nobody has looked at", async () => {
  const page = await searching();
  await page.evaluate(() => {
    const part = { period: { from: 1_700_000_000_000_000, until: 1_700_000_060_000_000 }, not_recorded: false, text: "đầu ghi không gửi bản ghi của đoạn này" };
    (window.fake as unknown as Fake).motion.ends = { hits: [], missed: [part] };
  });
  await begin(page);
  await eventually(() => status(page).innerText(), "Không thấy chuyển động trong phần đã xem; còn phần chưa xem được");
  await page.evaluate(() => ((window.fake as unknown as Fake).motion.ends = { hits: [], missed: [], state: "failed", text: "Không tới được thiết bị" }));
  await results(page).getByRole("button", { name: "Tìm lại…" }).press("Enter");
  await dialog(page).waitFor();
  await begin(page);
  await eventually(() => status(page).innerText(), "Không tìm tiếp được: Không tới được thiết bị");
});

test("a time that cannot be searched is not asked for", async () => {
  const page = await searching();
  const button = dialog(page).getByRole("button", { name: "Tìm", exact: true });
  await dialog(page).getByText("Tự chọn", { exact: true }).click();
  await dialog(page).getByLabel("Từ", { exact: true }).fill("01/01/2021 10:00");
  await dialog(page).getByLabel("Đến", { exact: true }).fill("01/01/2021 09:00");
  await eventually(() => button.isDisabled(), true);
  await dialog(page).getByLabel("Đến", { exact: true }).fill("03/01/2021 09:00");
  await dialog(page).getByText("Mỗi lần tìm được nhiều nhất một ngày").waitFor();
  await eventually(() => button.isDisabled(), true);
  await dialog(page).getByLabel("Đến", { exact: true }).fill("01/01/2021 11:00");
  await eventually(() => button.isDisabled(), false);
  await begin(page);
  await eventually(async () => {
    const period = (await asked(page))[0]?.period;
    return period ? (period.until - period.from) / 3_600_000_000 : 0;
  }, 1);
});

test("nothing of it is out of reach in the light theme", async () => {
  const page = await searching("?theme=light");
  await dialog(page).getByRole("button", { name: "Thêm vùng" }).press("Enter");
  expect(await barriers(page)).toEqual([]);
  await page.evaluate(() => ((window.fake as unknown as Fake).motion.ends = { state: "failed", text: "Không tới được thiết bị", upheavals: [1_700_000_000_000_000] }));
  await begin(page);
  await eventually(() => status(page).innerText(), "Không tìm tiếp được: Không tới được thiết bị");
  expect(await barriers(page)).toEqual([]);
});
