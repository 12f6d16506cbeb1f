// Walls that play recordings: by keys, on the time line, and what is said of it.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { PlayAct, PlayStanding } from "../../src/ipc/wire";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite, tiles } from "./console";
import { goWhereAllIsRecorded, playing } from "./playing-steps";

type Fake = { playing: { stand: (camera: string, standing: PlayStanding) => void }; load: () => Promise<{ desk: { walls: { slots: { camera: string | null }[] }[] } }> };

const bar = (page: Page) => page.getByRole("region", { name: "Xem lại" });
const line = (page: Page) => page.getByRole("slider", { name: "Dòng thời gian" });
const acts = async (page: Page) => (await calls(page, "play")).map(([, , act]) => act as PlayAct);
const last = async (page: Page) => (await acts(page)).at(-1);
const kinds = async (page: Page) => (await acts(page)).map((act) => act.kind);
const place = async (page: Page) => Number(await line(page).getAttribute("aria-valuenow"));

test("keys begin playback, lead it, and bring the live pictures back", async () => {
  const page = await playing();
  await eventually(() => kinds(page), ["play"]);
  const begun = Number((await calls(page, "startPlayback"))[0]?.[2]) / 1000;
  const before = (await page.evaluate(() => Date.now())) - begun;
  expect(before).toBeGreaterThan(50_000);
  await page.keyboard.press("Space");
  await eventually(() => last(page), { kind: "pause" });
  await bar(page).getByRole("button", { name: "Phát", exact: true }).waitFor();
  await page.keyboard.press(".");
  await eventually(() => last(page), { kind: "step", back: false });
  await page.keyboard.press(",");
  await eventually(() => last(page), { kind: "step", back: true });
  await page.keyboard.press("Shift+Period");
  await eventually(() => last(page), { kind: "play", rate: 2 });
  await eventually(() => page.locator(".playback-rate").innerText(), "2×");
  await page.keyboard.press("b");
  await eventually(() => last(page), { kind: "play", rate: -2 });
  const at = await place(page);
  await page.keyboard.press("j");
  await eventually(async () => (await last(page))?.kind, "seek");
  await eventually(async () => (await place(page)) <= at - 9, true);
  await page.keyboard.press("r");
  await eventually(() => page.locator(".playback").count(), 0);
  expect((await calls(page, "endPlayback")).length).toBe(1);
});

test("a key shows again what was seen live ten seconds ago", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await page.keyboard.press("j");
  await page.locator(".playback").waitFor();
  await eventually(() => kinds(page), ["play"]);
  const ago = (await page.evaluate(() => Date.now())) - Number((await calls(page, "startPlayback"))[0]?.[2]) / 1000;
  expect(ago).toBeGreaterThan(9_000);
  expect(ago).toBeLessThan(50_000);
});

test("the time line is a slider whose keys go by seconds and minutes and that says the time", async () => {
  const page = await playing();
  await page.keyboard.press("Space");
  await eventually(() => last(page), { kind: "pause" });
  await line(page).focus();
  const start = await place(page);
  const steps: [string, number][] = [["ArrowLeft", -1], ["Shift+ArrowLeft", -61], ["ArrowRight", -60], ["PageDown", -420]];
  for (const [key, distance] of steps) {
    await page.keyboard.press(key);
    await eventually(async () => (await place(page)) - start, distance);
  }
  const said = await line(page).getAttribute("aria-valuetext");
  expect(said).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d, đang dừng$/);
  const wide = async () => Number(await line(page).getAttribute("aria-valuemax")) - Number(await line(page).getAttribute("aria-valuemin"));
  expect(await wide()).toBe(3600);
  await page.keyboard.press("+");
  await eventually(wide, 1800);
  for (let times = 0; times < 12; times += 1) await page.keyboard.press("-");
  await eventually(wide, 15 * 24 * 3600);
});

test("a click on the time line goes there, a drag goes along, and recorders are asked for the days that are seen", async () => {
  const page = await playing();
  await page.keyboard.press("Space");
  const box = await line(page).boundingBox();
  if (!box) throw new Error("not shown");
  const from = Number(await line(page).getAttribute("aria-valuemin"));
  const y = box.y + box.height - 6;
  await page.mouse.click(box.x + box.width / 4, y);
  await eventually(async () => Math.abs((await place(page)) - (from + 900)) <= 5, true);
  await page.mouse.move(box.x + box.width / 4, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 8, y, { steps: 5 });
  await page.mouse.up();
  await eventually(async () => Math.abs((await place(page)) - (from + 450)) <= 5, true);
  await eventually(async () => (await calls(page, "recorded")).length >= 9, true);
  const [, , period] = (await calls(page, "recorded"))[0] as [string, string, { from: number; until: number }];
  expect((period.until - period.from) % 86_400_000_000).toBe(0);
});

test("the next movement is gone to, and a span is repeated", async () => {
  const page = await playing();
  await page.keyboard.press("Space");
  await eventually(() => last(page), { kind: "pause" });
  await page.keyboard.press("Shift+J");
  await eventually(() => last(page).then((act) => act?.kind), "seek");
  // In the fake something moves at the beginning of hours.
  await eventually(async () => (await place(page)) % 3600, 0);
  const before = await place(page);
  await page.keyboard.press("Shift+J");
  await eventually(async () => before - (await place(page)) >= 3600, true);
  const from = await place(page);
  await page.keyboard.press("Shift+L");
  await page.getByRole("button", { name: "Lặp lại đến đây" }).waitFor();
  await page.keyboard.press("k");
  await eventually(async () => (await place(page)) - from, 10);
  await page.keyboard.press("Shift+L");
  await eventually(() => last(page), { kind: "repeat", period: { from: from * 1e6, until: (from + 10) * 1e6 } });
  await page.getByRole("button", { name: "Thôi lặp lại" }).press("Enter");
  await eventually(() => last(page), { kind: "repeat", period: null });
});

test("the selected camera stands still while the others go on, and goes with them again", async () => {
  const page = await playing();
  await page.keyboard.press("ArrowRight");
  const toggle = bar(page).getByRole("button", { name: "Dừng riêng camera đang chọn" });
  await page.keyboard.press("Shift+Space");
  const held = await last(page);
  expect(held).toMatchObject({ kind: "hold", held: true });
  const tile = page.locator("#wall [aria-selected=true]");
  await eventually(async () => (await tile.locator(".unseen").innerText()).includes("dừng riêng"), true);
  expect(await page.locator(".status-state").innerText()).toContain("dừng riêng");
  await bar(page).getByRole("button", { name: "Chạy tiếp cùng các camera khác" }).click();
  await eventually(() => last(page), { ...held, held: false } as PlayAct);
  await eventually(async () => (await tile.locator(".unseen").innerText()).includes("dừng riêng"), false);
  expect(await toggle.getAttribute("aria-pressed")).toBe("false");
});

test("a date is typed, and what is no date is not gone to", async () => {
  const page = await playing();
  await page.keyboard.press("g");
  await page.keyboard.type("16/07/2021 12:03:22");
  await page.keyboard.press("Enter");
  const wanted = new Date(2021, 6, 16, 12, 3, 22).getTime();
  const zone = await page.evaluate(() => new Date(2021, 6, 16, 12, 3, 22).getTime());
  expect(zone).toBe(wanted);
  await eventually(() => last(page), { kind: "seek", at: wanted * 1000 });
  await eventually(async () => (await page.locator(".playback-time").innerText()).startsWith("16/07/2021 12:03"), true);
  const before = (await acts(page)).length;
  await page.keyboard.type("mai");
  await page.keyboard.press("Enter");
  expect(await page.locator("#play-time").getAttribute("aria-invalid")).toBe("true");
  expect((await acts(page)).length).toBe(before);
});

test("a small picture follows the pointer, of the selected camera, and a pointer that passes by asks for none", async () => {
  const page = await playing();
  await page.keyboard.press("Space");
  await goWhereAllIsRecorded(page);
  await page.locator('#wall [data-at="2"]').click();
  const box = await line(page).boundingBox();
  if (!box) throw new Error("not shown");
  const y = box.y + box.height - 6;
  const picture = page.locator(".thumbnail img");
  await page.mouse.move(box.x + 30, y);
  await page.mouse.move(box.x + box.width / 4, y, { steps: 20 });
  await picture.waitFor();
  const from = Number(await line(page).getAttribute("aria-valuemin"));
  const isThere = async () => Math.abs(Number((await calls(page, "recordedPicture")).at(-1)?.[3]) / 1e6 - (from + 900)) < 10;
  await eventually(isThere, true);
  const asked = await calls(page, "recordedPicture");
  // One of twenty-one places, unless the machine lets the pointer rest on its way.
  expect(asked.length).toBeLessThan(7);
  const camera = asked.at(-1)?.[2];
  const third = await page.evaluate(async () => ((await (window.fake as unknown as Fake).load()).desk.walls[0]?.slots ?? [])[2]?.camera);
  expect(camera).toBe(third);
  expect(await page.locator(".thumbnail-name").textContent()).toBe((await tiles(page))[2]);
  expect(await picture.getAttribute("alt")).toMatch(/^Hình từ bản ghi của .+ lúc \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/);
  // It lies over the wall, which has a hole there.
  const holes = await page.evaluate(() => (window.fake as unknown as { surface: { holes: unknown[] } }).surface.holes.length);
  expect(holes).toBeGreaterThan(0);
  await page.mouse.move(box.x + box.width / 2, box.y - 200);
  await eventually(() => picture.count(), 0);
});

test("while somebody drags there is never more than one question under way, and the last place wins", async () => {
  const page = await playing();
  await page.keyboard.press("Space");
  await goWhereAllIsRecorded(page);
  const box = await line(page).boundingBox();
  if (!box) throw new Error("not shown");
  const y = box.y + box.height - 6;
  await page.mouse.move(box.x + box.width / 8, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, y, { steps: 60 });
  const to = Math.floor((Number(await line(page).getAttribute("aria-valuemin")) + 1800) / 2) * 2;
  const shown = async () => Number((await calls(page, "recordedPicture")).at(-1)?.[3]) / 1e6;
  await eventually(async () => Math.abs((await shown()) - to) <= 4, true);
  const asked = (await calls(page, "recordedPicture")).length;
  expect(asked).toBeLessThan(60);
  await page.mouse.up();
});

test("the calendar shows which days have recordings, is led by keys, and a day is gone to", async () => {
  const page = await playing();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: /Chọn ngày khác$/ }).press("Enter");
  const grid = page.getByRole("grid", { name: /^tháng/i });
  await grid.waitFor();
  expect(await grid.getByRole("columnheader").first().innerText()).toBe("T2");
  const today = await page.evaluate(() => new Date().getDate());
  await eventually(() => grid.locator("[aria-current=date]").evaluate((day) => document.activeElement === day), true);
  // Of the selected camera: by its recorder's calendar first, then thoroughly.
  await eventually(async () => (await calls(page, "recordedDays")).map(([, , , thorough]) => thorough), [false, true]);
  const words = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  const held = (day: number) => (day % 7 === 0 ? "không có bản ghi" : day % 3 === 0 ? "có bản ghi" : "có chuyển động");
  await eventually(words, expect.stringMatching(new RegExp(`: ${held(today)}$`)));
  await page.keyboard.press("ArrowLeft");
  const yesterday = await page.evaluate(() => new Date(Date.now() - 86_400_000).getDate());
  await eventually(words, expect.stringMatching(new RegExp(`: ${held(yesterday)}$`)));
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("Enter");
  await eventually(() => grid.count(), 0);
  await eventually(async () => new Date((await place(page)) * 1000).getDate(), yesterday);
});

test("tiles say that they are recordings and why nothing is shown", async () => {
  const page = await playing();
  const tile = (at: number) => page.locator(`#wall [data-at="${at}"] .unseen`).innerText();
  await eventually(async () => /Xem lại \d\d\/\d\d\/\d{4}/.test(await tile(0)), true);
  await page.evaluate(async () => {
    const fake = window.fake as unknown as Fake;
    const slots = (await fake.load()).desk.walls[0]?.slots ?? [];
    fake.playing.stand(slots[0]?.camera ?? "", "hole");
    fake.playing.stand(slots[1]?.camera ?? "", "refused");
  });
  await eventually(async () => (await tile(0)).includes("không có bản ghi ở thời điểm này"), true);
  await eventually(async () => (await tile(1)).includes("Thiết bị không cho xem lại"), true);
  await eventually(() => page.locator(".playback-troubles").innerText(), "1 không có bản ghi · 1 không xem được");
});

test.for(["", "?language=en", "?theme=light"])("nothing of it is out of reach (%s)", async (query) => {
  const page = await playing(query);
  expect(await barriers(page)).toEqual([]);
  const name = query.includes("en") ? "Back to live" : "Về trực tiếp";
  await page.getByRole("button", { name }).press("Enter");
  await eventually(() => page.locator(".playback").count(), 0);
});

test("who may not play back is offered nothing", async () => {
  const page = await open({ query: "?role=viewer" });
  await placeSite(page, "cho rach soi");
  expect(await page.getByRole("button", { name: "Xem lại bản ghi" }).count()).toBe(0);
  await page.keyboard.press("r");
  expect((await calls(page, "startPlayback")).length).toBe(0);
});
