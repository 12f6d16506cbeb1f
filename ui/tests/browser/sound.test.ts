// Hearing the selected camera: by key and button, while the selection moves, and how loud.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite } from "./console";

const chip = (page: Page) => page.locator(".sound-chip");
const heard = async (page: Page) => (await calls(page, "listen")).map(([, camera]) => camera as string | null);

async function onWall(): Promise<Page> {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await page.locator('#wall [data-at="0"]').click({ position: { x: 12, y: 40 } });
  return page;
}

test("a key begins to hear the selected camera, and ends it", async () => {
  const page = await onWall();
  expect(await chip(page).count()).toBe(0);
  await page.keyboard.press("u");
  await chip(page).waitFor();
  await eventually(async () => (await heard(page)).length, 1);
  expect((await heard(page))[0]).not.toBeNull();
  await expect.poll(() => chip(page).textContent()).toMatch(/Đang nghe|không gửi tiếng/);
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press("u");
  await chip(page).waitFor({ state: "detached" });
  await eventually(async () => (await heard(page)).at(-1), null);
});

test("sound follows the selection, and does not open that of each tile on the way", async () => {
  const page = await onWall();
  await page.keyboard.press("u");
  await eventually(async () => (await heard(page)).length, 1);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await eventually(async () => (await heard(page)).length, 2);
  const [first, second] = await heard(page);
  expect(second).not.toBe(first);
});

test("a recording is heard like what is live, and the chip says when it cannot be", async () => {
  const page = await onWall();
  await page.keyboard.press("u");
  await eventually(async () => (await heard(page)).length, 1);
  await page.keyboard.press("r");
  await page.locator(".playback").waitFor();
  await page.keyboard.press("ArrowRight");
  await eventually(async () => (await heard(page)).length, 2);
  expect((await heard(page))[1]).not.toBeNull();
  const say = (standing: string) => page.evaluate((how) => (window.fake as unknown as { hearing: { stand: (standing: string) => void } }).hearing.stand(how), standing);
  await say("other_speed");
  await eventually(() => chip(page).locator(".sound-words").innerText(), "Chỉ có tiếng khi phát xuôi ở 1×");
  await say("not_kept");
  await eventually(() => chip(page).locator(".sound-words").innerText(), "Lúc đó không ai nghe camera này nên không giữ lại tiếng");
});

test("whoever locks the console is not heard by it", async () => {
  const page = await onWall();
  await page.keyboard.press("u");
  await chip(page).waitFor();
  await page.keyboard.press("Control+l");
  await eventually(async () => (await heard(page)).at(-1) ?? null, null);
});

test("the loudness is set by keyboard and kept", async () => {
  const page = await onWall();
  await page.keyboard.press("u");
  const slider = page.getByRole("slider", { name: "Âm lượng nghe camera" });
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  await eventually(async () => ((await calls(page, "setSettings")).at(-1)?.[1] as { volume: number }).volume, 75);
});

test("whoever holds the button speaks, until it is let go or the window is left", async () => {
  const page = await onWall();
  const talks = async () => (await calls(page, "talk")).map(([, camera]) => camera as string | null);
  await page.keyboard.press("u");
  await eventually(async () => (await heard(page)).length, 1);
  // Of any five cameras one is mute.
  if (/không gửi tiếng/.test((await chip(page).textContent()) ?? "")) await page.keyboard.press("ArrowRight");
  const button = page.getByRole("button", { name: "Giữ để nói" });
  await button.focus();
  await page.keyboard.down("Enter");
  await page.getByRole("button", { name: "Đang nói" }).waitFor();
  await eventually(async () => (await talks()).length > 2, true);
  await page.keyboard.up("Enter");
  await eventually(async () => (await talks()).at(-1), null);
  await page.keyboard.down("Enter");
  await page.getByRole("button", { name: "Đang nói" }).waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await eventually(async () => (await talks()).at(-1), null);
  const after = (await talks()).length;
  await page.waitForTimeout(900);
  expect((await talks()).length).toBe(after);
});
