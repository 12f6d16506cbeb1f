// Opens the page in a browser and looks at it as a person does. Whatever the browser complains of fails the test.

import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

let browser: Browser;
let pages: Page[] = [];
let complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ARGUMENTS });
});

afterAll(() => browser.close());

afterEach(async () => {
  const heard = complaints;
  complaints = [];
  for (const page of pages) await page.close();
  pages = [];
  expect(heard).toEqual([]);
});

type Options = { query?: string; width?: number; height?: number; scale?: number; ready?: string };

export async function open(options: Options = {}): Promise<Page> {
  const { query = "", width = 1366, height = 768, scale = 1, ready = "#wall, .failed" } = options;
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale, reducedMotion: "reduce" });
  pages.push(page);
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${process.env["PAGE_ADDRESS"] ?? ""}/${query}`);
  await page.locator(ready).waitFor();
  return page;
}

/** The name of the layout that the bar shows. */
export const layoutName = (page: Page) => page.locator(".layout-name").innerText();

/** What stands on the tiles, by name; "" for an empty one. */
export function tiles(page: Page): Promise<string[]> {
  return page
    .locator("#wall [role=gridcell]")
    .evaluateAll((cells) => cells.map((cell) => cell.querySelector(".tile-name")?.textContent ?? ""));
}

/** Slot of the selected tile. */
export function selected(page: Page): Promise<number | null> {
  return page.evaluate(() => {
    const tile = document.querySelector<HTMLElement>("#wall [aria-selected=true]");
    return tile ? Number(tile.dataset["at"]) : null;
  });
}

/** Waits until `look` gives `expected`; the program answers a little later. */
export async function eventually<T>(look: () => Promise<T>, expected: T): Promise<void> {
  await expect.poll(look, { timeout: 15_000, interval: 20 }).toEqual(expected);
}

/** With `?held`: work in the background goes on a step, or from here on by itself. */
export const step = (page: Page) => page.evaluate(() => window.fake?.pace.step());
export const letGo = (page: Page) => page.evaluate(() => window.fake?.pace.letGo());

type Call = [string, ...unknown[]];

export function calls(page: Page, name: string): Promise<Call[]> {
  return page.evaluate((wanted) => (window.fake?.calls ?? []).filter(([called]) => called === wanted), name);
}

/** Puts a site on the whole wall by the keyboard and leaves the focus on its first tile. */
export async function placeSite(page: Page, words: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type(words);
  await page.locator("#results [role=option]").first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await eventually(() => selected(page), 0);
  await eventually(async () => (await tiles(page))[0] !== "", true);
}
