// From a picture that is played to an incident that is open.

import type { Page } from "playwright-core";
import { expect } from "vitest";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite } from "./console";

export const dialog = (page: Page) => page.getByRole("dialog");
export const tab = (page: Page, name: string) => page.getByRole("radio", { name, exact: true });
export const last = async <T>(page: Page, name: string) => (await calls(page, name)).at(-1)?.[1] as T | undefined;

/** A bookmark of the first tile while it plays, in a new incident. */
export async function marked(query = ""): Promise<Page> {
  const page = await open({ query });
  await placeSite(page, "cho rach soi");
  await page.keyboard.press("r");
  await page.locator(".playback").waitFor();
  await page.keyboard.press("Space");
  await page.keyboard.press("d");
  await dialog(page).getByLabel("Có gì ở đây").fill("Người áo đỏ");
  await dialog(page).getByLabel("Thuộc vụ việc").selectOption({ label: "Vụ việc mới…" });
  await dialog(page).getByLabel("Tên vụ việc").fill("Mất trộm ở chợ");
  await dialog(page).getByLabel("Số vụ việc").fill("VA 12/2026");
  expect(await barriers(page)).toEqual([]);
  await dialog(page).getByRole("button", { name: "Lưu" }).click();
  await eventually(() => dialog(page).count(), 0);
  return page;
}

export async function opened(query = ""): Promise<Page> {
  const page = await marked(query);
  await page.keyboard.press("Alt+9");
  await page.getByRole("option", { name: "Mất trộm ở chợ" }).click();
  await page.locator(".incident-detail h2", { hasText: "Mất trộm ở chợ" }).waitFor();
  return page;
}
