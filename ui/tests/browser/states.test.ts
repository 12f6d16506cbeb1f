// The states of the page: readable for everyone, in both themes and languages, in every size, whatever the names are.

import { describe, expect, test } from "vitest";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite, tiles } from "./console";

describe.each(["dark", "light"])("no barriers, %s", (theme) => {
  test("empty, filled, searching, menus and dialogs", async () => {
    const page = await open({ query: `?theme=${theme}` });
    const clear = async (state: string) => expect([state, await barriers(page)]).toEqual([state, []]);
    await clear("empty");
    await placeSite(page, "benh vien");
    await page.waitForTimeout(1200);
    await clear("filled");
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menu").waitFor();
    await clear("menu");
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await page.keyboard.press("/");
    await page.keyboard.type("cong");
    await page.locator("#results").waitFor();
    await clear("searching");
    await page.keyboard.type("zzz");
    await page.locator(".nothing").waitFor();
    await clear("nothing found");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.locator(".layout-button").click();
    await page.locator(".layouts").waitFor();
    await clear("layouts");
    await page.keyboard.press("Escape");
    await page.evaluate(() => window.fake?.notify({ level: "error", title: "Ổ đĩa đầy", detail: "Xóa bớt tệp." }));
    await page.getByRole("alert").waitFor();
    await clear("notice");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await clear("help");
  });
});

test("no inventory and a failed start say what to do", async () => {
  const empty = await open({ query: "?empty" });
  expect(await empty.locator(".nothing").innerText()).toContain("Thêm kho camera");
  expect(await barriers(empty)).toEqual([]);
  const broken = await open({ query: "?broken" });
  expect(await broken.getByRole("alert").innerText()).toContain("chép lại tệp");
  expect(await barriers(broken)).toEqual([]);
});

test("loading shows a skeleton, but only after a moment", async () => {
  const page = await open({ query: "?slow=1500", ready: ".skeleton" });
  expect(await barriers(page)).toEqual([]);
  await page.locator("#wall").waitFor();
});

test("errors stay, are said once, and name what to do; the rest goes by itself", async () => {
  const page = await open({ query: "?full" });
  await placeSite(page, "tram y te");
  await page.keyboard.press("s");
  await page.keyboard.press("s");
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.innerText()).toContain("Ổ đĩa đầy; xóa bớt tệp rồi thử lại.");
  expect(await alert.count()).toBe(1);
  expect(await calls(page, "savePicture")).toHaveLength(1);
});

test("hostile names stay text and leave the page its shape", async () => {
  const page = await open();
  await page.keyboard.press("5");
  await placeSite(page, "window.hostile");
  await eventually(async () => (await tiles(page)).filter(Boolean).length, 3);
  const names = await tiles(page);
  expect(names[0]).toContain("<img src=x onerror=");
  expect(names[2]).toHaveLength(303);
  await page.locator("#tree").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  expect(await page.evaluate(() => (window as { hostile?: boolean }).hostile)).toBeUndefined();
  expect(await page.locator("img, #root script").count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1366);
  const box = await page.locator(".top-bar").boundingBox();
  expect([box?.x, box?.height]).toEqual([68 + 288, 44]);
  expect((await page.locator(".status").boundingBox())?.height).toBe(26);
  expect(await barriers(page)).toEqual([]);
});

test("both languages have words for all that is seen", async () => {
  const seen = async (language: string) => {
    const page = await open({ query: `?language=${language}` });
    const words = () =>
      page.evaluate(() => [
        document.body.innerText,
        ...[...document.querySelectorAll("[aria-label], [placeholder]")].map(
          (element) => `${element.getAttribute("aria-label") ?? ""} ${element.getAttribute("placeholder") ?? ""}`,
        ),
      ]);
    const all = [...(await words())];
    await page.keyboard.press("w");
    await page.getByRole("menu").waitFor();
    all.push(...(await words()));
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    all.push(...(await words()));
    return all.join("\n");
  };
  const english = await seen("en");
  const vietnamese = await seen("vi");
  // Names of the province are content; the page's own English has no Vietnamese letters.
  const own = english
    .split("\n")
    .filter((line) => !/Thành|Huyện|Bệnh|Trường|Trạm|Trung|Chợ|Kiên Giang|Tiếng Việt|Nguyễn/.test(line));
  expect(own.filter((line) => /[ăâđêôơưàảãáạ]/i.test(line))).toEqual([]);
  for (const word of ["Dismiss", "Close", "Search", "Undo", "Wall", "Layout"]) expect(vietnamese).not.toContain(word);
  expect(`${english}${vietnamese}`).not.toMatch(/page_|undefined|NaN|\{\w+\}/);
});

describe("everything within reach", () => {
  test.each([
    [683, 384],
    [911, 512],
    [1366, 768],
    [3840, 2160],
  ])("%i×%i", async (width, height) => {
    const page = await open({ width, height });
    const cut = await page
      .locator(".top-bar button, .status > *")
      .evaluateAll((elements) =>
        elements
          .map((element) => element.getBoundingClientRect())
          .filter((box) => box.right > window.innerWidth + 0.5 || box.left < -0.5 || box.bottom > window.innerHeight + 0.5)
          .map((box) => `${box.left}…${box.right}`),
      );
    expect(cut).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const wall = await page.locator("#wall").boundingBox();
    expect((wall?.height ?? 0) / height).toBeGreaterThan(0.79);
  });

  test("the narrow page has the list over the wall and the rest in a menu", async () => {
    const page = await open({ width: 683, height: 384 });
    expect(await page.locator(".sidebar:not([hidden])").count()).toBe(0);
    const full = await page.evaluate(() => window.fake?.surface?.holes.length);
    await page.keyboard.press("/");
    await page.locator(".sidebar").waitFor();
    // The list is to be seen over the native wall.
    await eventually(async () => ((await page.evaluate(() => window.fake?.surface?.holes)) ?? []).some((hole) => hole.width > 200 && hole.height > 200), true);
    await page.keyboard.press("Escape");
    await eventually(() => page.locator(".sidebar:not([hidden])").count(), 0);
    await eventually(() => page.evaluate(() => window.fake?.surface?.holes.length), full);
    await page.getByRole("button", { name: "Thêm" }).click();
    await page.getByRole("menuitem", { name: "Ngôn ngữ" }).hover();
    await page.getByRole("menuitemradio", { name: "English" }).click();
    await page.getByRole("button", { name: "More" }).waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});
