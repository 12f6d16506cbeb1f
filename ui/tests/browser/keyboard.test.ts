// Every flow by the keyboard alone.

import { expect, test } from "vitest";
import type { Act } from "../../src/ipc/wire";
import { calls, eventually, layoutName, open, placeSite, selected, tiles } from "./console";

test("search, place a site, clear the search", async () => {
  const page = await open();
  await page.keyboard.press("/");
  await page.keyboard.type("dai hoc");
  await eventually(() => page.locator("#results [role=option]").first().innerText(), "Trường Đại học Kiên Giang\nThành phố Rạch Giá\n25 camera");
  expect(await page.locator("#results [role=option]").first().locator("mark").allInnerTexts()).toEqual(["Đại", "học"]);
  await page.keyboard.press("Enter");
  await eventually(() => layoutName(page), "5×5");
  expect((await tiles(page)).filter(Boolean)).toHaveLength(25);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "act")).some(([, , act]) => JSON.stringify(act).includes('"id":"dhkg-1-2"')), true);
  await page.keyboard.press("Escape");
  expect(await page.locator("#search").inputValue()).toBe("");
  await page.keyboard.press("Escape");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("gridcell");
});

test("what is typed right after the key for searching is searched for", async () => {
  const page = await open();
  const focused = () => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", code: "Slash", bubbles: true, cancelable: true }));
    return document.activeElement?.id;
  };
  // Before the page has drawn anything.
  expect(await page.evaluate(focused)).toBe("search");
});

test("a key means the tile that was clicked last, however late the program tells of it", async () => {
  const page = await open({ query: "?late=300" });
  await placeSite(page, "cho rach soi");
  const cleared = async () => (await calls(page, "act")).map(([, , act]) => act as Act).flatMap((act) => (act.kind === "clear" ? [act.at] : []));
  for (const at of [1, 2, 3]) {
    await page.locator(`#wall [data-at="${at}"]`).click({ position: { x: 12, y: 40 } });
    // Until what is told of an earlier click arrives.
    await page.waitForTimeout(200);
    await page.keyboard.press("Delete");
  }
  expect(await cleared()).toEqual([1, 2, 3]);
});

test("the tree: arrows, letters, a camera after the other", async () => {
  const page = await open();
  await page.locator("#tree").focus();
  const active = () => page.locator("#tree [aria-selected=true] .row-name").innerText();
  await page.keyboard.press("ArrowDown");
  expect(await active()).toBe("Bệnh viện đa khoa tỉnh");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await active()).toBe("Khoa nội");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("tram");
  expect(await active()).toBe("Trạm y tế phường Vĩnh Lạc");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await active()).toBe("Cổng chính");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await eventually(async () => (await tiles(page)).slice(0, 3), ["Cổng chính", "Sân trước", ""]);
  await eventually(() => selected(page), 2);
  await page.keyboard.press("Escape");
  await eventually(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset["at"]), "2");
});

test("layouts by digits, minus and the picker", async () => {
  const page = await open();
  for (const [key, name] of [["4", "4×4"], ["9", "1+5"], ["0", "1+7"], ["-", "1+12"], ["8", "8×8"]] as const) {
    await page.keyboard.press(key);
    await eventually(() => layoutName(page), name);
  }
  await page.locator(".layout-button").focus();
  await page.keyboard.press("Enter");
  await page.locator(".layouts").waitFor();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await eventually(() => layoutName(page), "2×2");
});

test("move, select, swap, remove, undo and redo", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const start = await tiles(page);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await eventually(() => selected(page), 4);
  await page.keyboard.press("Control+ArrowLeft");
  await eventually(() => selected(page), 3);
  await eventually(async () => [(await tiles(page))[3], (await tiles(page))[4]], [start[4], start[3]]);
  await page.keyboard.press("Delete");
  await eventually(async () => (await tiles(page))[3], "");
  await page.keyboard.press("z");
  await eventually(async () => (await tiles(page))[3], start[4] ?? "");
  await page.keyboard.press("Control+z");
  await eventually(() => tiles(page), start);
  await page.keyboard.press("Control+Shift+Z");
  await page.keyboard.press("Control+y");
  await eventually(async () => (await tiles(page))[3], "");
  // Many presses, faster than the program answers.
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowLeft");
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowUp");
  await eventually(() => selected(page), 0);
});

test("enlarge and back, from camera to camera, deselect", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  const start = await tiles(page);
  await page.keyboard.press("Enter");
  await eventually(() => tiles(page), start.slice(0, 1));
  await page.keyboard.press("ArrowRight");
  await eventually(() => tiles(page), start.slice(1, 2));
  await page.keyboard.press("Escape");
  await eventually(() => tiles(page), start);
  await eventually(() => selected(page), 1);
  await page.keyboard.press("Escape");
  await eventually(() => selected(page), null);
});

test("fit, turn, save a picture", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  for (const key of ["a", "t", "t", "s"]) await page.keyboard.press(key);
  await page.locator(".toast").getByText("o-1.png").waitFor();
  const acts = (await calls(page, "act")).map(([, , act]) => act);
  expect(acts).toContainEqual({ kind: "fit", at: 0, fit: "fill" });
  await eventually(async () => (await calls(page, "act")).map(([, , act]) => act).filter((act) => (act as { kind: string }).kind === "turn").length, 2);
  await page.locator(".toast button").focus();
  await page.keyboard.press("Enter");
  await page.locator(".toast").waitFor({ state: "detached" });
});

test("merge and split", async () => {
  const page = await open();
  await page.keyboard.press("2");
  await eventually(() => layoutName(page), "2×2");
  await placeSite(page, "tram y te");
  await page.keyboard.press("m");
  await eventually(async () => (await tiles(page)).length, 3);
  await page.keyboard.press("x");
  await eventually(async () => (await tiles(page)).length, 4);
  await page.keyboard.press("Shift+M");
  await eventually(async () => (await tiles(page)).length, 3);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("gridcell");
  await page.keyboard.press("e");
  await page.locator(".border").first().focus();
  await page.keyboard.press("ArrowRight");
  await eventually(() => page.locator(".border").first().getAttribute("aria-valuenow"), "51");
});

test("pages, and turning by itself", async () => {
  const page = await open();
  await placeSite(page, "benh vien");
  await page.keyboard.press("4");
  await eventually(() => page.locator(".page-number [aria-hidden]").innerText(), "1/3");
  await page.keyboard.press("PageDown");
  await eventually(() => page.locator(".page-number [aria-hidden]").innerText(), "2/3");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageUp");
  await eventually(() => page.locator(".page-number [aria-hidden]").innerText(), "3/3");
  await page.keyboard.press("p");
  await eventually(() => page.locator(".turning").innerText(), "10 giây");
  await page.keyboard.press("p");
  await eventually(() => page.locator(".turning").innerText(), "");
});

test("walls: open, arrange, move, close", async () => {
  const page = await open();
  await page.keyboard.press("w");
  await page.getByRole("menuitem", { name: "DELL U2720Q" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const tab = page.getByRole("radio", { name: "DELL U2720Q" });
  await tab.waitFor();
  await tab.focus();
  await page.keyboard.press("Enter");
  await eventually(() => layoutName(page), "4×4");
  // The native wall of this window gives way to the arrangement of the other.
  await eventually(() => page.evaluate(() => window.fake?.surface?.wall.width), 0);
  await page.locator("#wall [tabindex='0']").focus();
  await page.keyboard.press("3");
  await eventually(() => layoutName(page), "3×3");
  expect((await calls(page, "act")).at(-1)?.[1]).toBe(1);
  await page.keyboard.press("w");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("menuitem", { name: "Chuyển sang" }).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "moveWall")).length, 1);
  await page.keyboard.press("w");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("menuitem", { name: "Đóng tường" }).waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await eventually(() => page.getByRole("radio", { name: "Tường" }).count(), 0);
  await eventually(() => page.evaluate(() => (window.fake?.surface?.wall.width ?? 0) > 500), true);
});

test("settings: theme, language at once, captions", async () => {
  const page = await open();
  await placeSite(page, "tram y te");
  await page.keyboard.press("c");
  await eventually(() => page.locator(".tile-name").count(), 0);
  await page.keyboard.press("c");
  await page.getByRole("button", { name: "Giao diện" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemradio", { name: "Sáng" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await eventually(() => page.evaluate(() => document.documentElement.dataset["theme"]), "light");
  await page.getByRole("radio", { name: "English" }).focus();
  await page.keyboard.press("Enter");
  await page.getByPlaceholder("Find cameras, sites").waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  await eventually(() => page.locator(".status-state").innerText(), "Live");
  expect((await calls(page, "setSettings")).at(-1)?.[1]).toMatchObject({ language: "en", theme: "light", captions: true });
});

test("help, full wall, sidebar", async () => {
  const page = await open();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Phím tắt" });
  await help.waitFor();
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  await page.keyboard.press("f");
  await eventually(() => page.locator(".top-bar, .sidebar:not([hidden]), .status").count(), 0);
  expect((await page.locator("#wall").boundingBox())?.width).toBe(1366);
  await page.keyboard.press("Escape");
  await eventually(() => page.locator(".top-bar, .sidebar:not([hidden]), .status").count(), 3);
  await page.keyboard.press("Control+b");
  await eventually(() => page.locator(".sidebar:not([hidden])").count(), 0);
  await page.keyboard.press("Control+f");
  await eventually(() => page.evaluate(() => document.activeElement?.id), "search");
});

test("the tile's menu", async () => {
  const page = await open();
  await placeSite(page, "tram y te");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Phóng to" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("menuitemradio", { name: "Kéo giãn" }).waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "act")).map(([, , act]) => act).at(-1), { kind: "fit", at: 0, fit: "stretch" });
  await eventually(() => page.evaluate(() => document.activeElement?.getAttribute("role")), "gridcell");
});

test("closing while walls are open asks what becomes of them", async () => {
  const page = await open();
  const ask = async () => {
    await page.evaluate(() => window.fake?.askToClose());
    await page.getByRole("alertdialog").waitFor();
  };
  await ask();
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  expect(await calls(page, "quit")).toEqual([]);
  await ask();
  await page.keyboard.press("Enter");
  await eventually(() => calls(page, "quit"), [["quit", "keep"]]);
  await ask();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "quit")).at(-1), ["quit", "close"]);
});

test("a hotspot by key and by menu", async () => {
  const page = await open();
  await placeSite(page, "cho rach soi");
  await page.keyboard.press("h");
  await eventually(async () => (await calls(page, "act")).at(-1)?.[2], { kind: "hotspot", at: 0, on: true });
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Thôi làm ô theo dõi" }).focus();
  await page.keyboard.press("Enter");
  await eventually(async () => (await calls(page, "act")).at(-1)?.[2], { kind: "hotspot", at: 0, on: false });
});
