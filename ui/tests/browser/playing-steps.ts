// From a site on the wall to its recordings.

import type { Page } from "playwright-core";
import { eventually, open, placeSite } from "./console";

export async function playing(query = ""): Promise<Page> {
  const page = await open({ query });
  await placeSite(page, "cho rach soi");
  await page.keyboard.press("r");
  await page.locator(".playback").waitFor();
  return page;
}

/** To a place around which nothing is missing for half an hour on both sides: see the fake. */
export async function goWhereAllIsRecorded(page: Page): Promise<void> {
  const text = await page.evaluate(() => {
    const hour = 3_600_000;
    const at = new Date((Math.floor(Date.now() / hour / 3) - 1) * 3 * hour + 1.5 * hour);
    const two = (value: number) => String(value).padStart(2, "0");
    return `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()} ${two(at.getHours())}:${two(at.getMinutes())}`;
  });
  await page.locator("#play-time").fill(text);
  await page.keyboard.press("Enter");
  await eventually(async () => (await page.locator(".playback-time").innerText()).includes(text), true);
}
