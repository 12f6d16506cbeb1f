// Steering cameras with motors: by gestures, keys and the panel; who holds it; and that nothing goes on moving.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Errand, Push } from "../../src/ipc/wire";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite } from "./console";

type Steer = { lend: (camera: string, by: string | null) => void };

const panel = (page: Page) => page.getByRole("region", { name: "Điều khiển camera" });
const cameraOf = (page: Page, at: number) =>
  page.evaluate(async (at) => (await (window.fake as unknown as { load: () => Promise<{ desk: { walls: { slots: { camera: string | null }[] }[] } }> }).load()).desk.walls[0]?.slots[at]?.camera ?? "", at);
const hasMotors = (camera: string) => [...camera].reduce((sum, character) => sum + character.charCodeAt(0), 0) % 3 === 0;
const pushes = async (page: Page) => (await calls(page, "steerPush")).map(([, , push]) => push as Push);
const errands = async (page: Page) => (await calls(page, "steer")).map(([, , errand]) => errand as Errand);
const letsGo = async (page: Page) => (await calls(page, "steerLetGo")).length;

/** A tile whose camera has motors, or has none. */
async function tileWith(page: Page, motors: boolean): Promise<number> {
  for (let at = 0; at < 9; at += 1) if (hasMotors(await cameraOf(page, at)) === motors) return at;
  throw new Error("no such camera");
}

async function steering(motors = true): Promise<{ page: Page; at: number; camera: string }> {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const at = await tileWith(page, motors);
  await page.locator(`#wall [data-at="${at}"]`).click({ position: { x: 12, y: 40 } });
  await page.keyboard.press("v");
  await panel(page).waitFor();
  if (motors) await panel(page).getByRole("button", { name: "Về vị trí gốc" }).waitFor();
  return { page, at, camera: await cameraOf(page, at) };
}

test("a held key turns the camera until it goes up, and two keys go both ways", async () => {
  const { page } = await steering();
  await page.keyboard.down("ArrowRight");
  await page.keyboard.down("ArrowUp");
  await page.waitForTimeout(700);
  const held = await pushes(page);
  expect(held[0]).toEqual({ kind: "turn", pan: 0.5, tilt: 0, zoom: 0 });
  expect(held.at(-1)).toEqual({ kind: "turn", pan: 0.5, tilt: 0.5, zoom: 0 });
  expect(held.length).toBeGreaterThan(3);
  await page.keyboard.up("ArrowRight");
  await page.keyboard.up("ArrowUp");
  await eventually(() => letsGo(page), 1);
  const after = (await pushes(page)).length;
  await page.waitForTimeout(500);
  expect((await pushes(page)).length).toBe(after);
});

test("a key that is held before the device was met turns the camera as soon as it is", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const at = await tileWith(page, true);
  await page.locator(`#wall [data-at="${at}"]`).click({ position: { x: 12, y: 40 } });
  // Neither waits for the panel: the second key goes down before the fake has told of the camera.
  await page.evaluate(() => {
    const cell = document.activeElement ?? document.body;
    const press = (key: string, code: string) => cell.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }));
    press("v", "KeyV");
    press("ArrowRight", "ArrowRight");
  });
  await eventually(async () => (await pushes(page))[0], { kind: "turn", pan: 0.5, tilt: 0, zoom: 0 });
  await page.evaluate(() => window.dispatchEvent(new KeyboardEvent("keyup", { key: "ArrowRight", code: "ArrowRight" })));
  await eventually(() => letsGo(page), 1);
});

test("a window that loses the keys lets go of the camera", async () => {
  const { page } = await steering();
  await page.keyboard.down("ArrowLeft");
  await eventually(async () => (await pushes(page)).length > 0, true);
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await eventually(() => letsGo(page), 1);
  const after = (await pushes(page)).length;
  await page.waitForTimeout(500);
  expect((await pushes(page)).length).toBe(after);
});

test("a drag turns faster the farther it goes, a click brings its place to the middle, a box fills the picture", async () => {
  const { page, at } = await steering();
  const box = await page.locator(`#wall [data-at="${at}"]`).boundingBox();
  if (!box) throw new Error("not shown");
  const point = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...point(0.5, 0.6));
  await page.mouse.down();
  await page.mouse.move(...point(0.6, 0.6), { steps: 4 });
  await page.mouse.move(...point(0.7, 0.6), { steps: 4 });
  await page.waitForTimeout(100);
  await page.mouse.up();
  const turned = (await pushes(page)).map((push) => (push.kind === "turn" ? push.pan : 0));
  expect(turned.at(-1)).toBeCloseTo(0.25, 1);
  expect([...turned].sort((a, b) => a - b)).toEqual(turned);
  await eventually(() => letsGo(page), 1);

  await page.mouse.click(...point(0.25, 0.75));
  await eventually(async () => (await calls(page, "steerTo")).length, 1);
  const [, , where, from, to] = (await calls(page, "steerTo"))[0] as [string, number, number, { x: number; y: number }, null];
  expect([where, to]).toEqual([at, null]);
  expect([from.x, from.y].map((share) => Math.round(share * 100))).toEqual([25, 75]);

  await page.keyboard.down("Shift");
  await page.mouse.move(...point(0.3, 0.6));
  await page.mouse.down();
  await page.mouse.move(...point(0.6, 0.9), { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await eventually(async () => (await calls(page, "steerTo")).length, 2);
});

test("presets are kept, gone to and forgotten; digits go to them, too", async () => {
  const { page } = await steering();
  const controls = panel(page);
  await controls.getByLabel("Tên điểm mới").fill("Bãi xe");
  await controls.getByRole("button", { name: "Lưu", exact: true }).click();
  await controls.getByRole("button", { name: /^Bãi xe/ }).click();
  // The new one has a picture, the device's own has none yet.
  await eventually(() => controls.locator("img.ptz-preset-picture").count(), 1);
  expect((await calls(page, "presetStill")).map(([, , token]) => token)).toEqual(["2"]);
  await eventually(async () => (await errands(page)).map((errand) => errand.kind), ["keep", "recall"]);
  await page.locator("#wall [aria-selected=true]").focus();
  await page.keyboard.press("2");
  await eventually(async () => (await errands(page)).at(-1), { kind: "recall", token: "2" });
  await controls.getByRole("button", { name: "Xóa “Bãi xe”" }).click();
  await eventually(() => controls.getByRole("button", { name: /^Bãi xe/ }).count(), 0);
});

test("who holds the camera is said, its controls rest, and it can be taken over", async () => {
  const { page, camera } = await steering();
  await page.evaluate(([camera]) => (window.fake as unknown as { steering: Steer }).steering.lend(camera ?? "", "Lan · phòng trực 2"), [camera]);
  await panel(page).getByText("Lan · phòng trực 2 đang điều khiển").waitFor();
  expect(await panel(page).getByRole("button", { name: "Lên", exact: true }).isDisabled()).toBe(true);
  await panel(page).getByRole("button", { name: "Giành quyền" }).click();
  await panel(page).getByText("Bạn đang giữ quyền điều khiển").waitFor();
  expect(await panel(page).getByRole("button", { name: "Lên", exact: true }).isDisabled()).toBe(false);
});

test("a camera without motors is looked at by its digital view, and the panel says so", async () => {
  const { page } = await steering(false);
  await panel(page).getByText("Camera này không có động cơ", { exact: false }).waitFor();
  await panel(page).getByRole("button", { name: "Phóng to" }).click();
  await page.locator("#wall [aria-selected=true]").focus();
  await page.keyboard.press("ArrowRight");
  const looks = (await calls(page, "act")).map(([, , act]) => act as { kind: string });
  expect(looks.filter((act) => act.kind === "look").length).toBe(2);
  expect(await pushes(page)).toEqual([]);
});

test("the controls are named, and Escape ends them", async () => {
  const { page } = await steering();
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await eventually(() => panel(page).count(), 0);
  await eventually(async () => (await calls(page, "steerLookAt")).at(-1), ["steerLookAt", []]);
});
