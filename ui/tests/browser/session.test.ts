// Signing in, locking, handing over: by the keyboard alone, and without a password left anywhere.

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite } from "./console";

// What every account of the fake program has, and what its telephones show (src/ipc/fake/people.ts).
export const PASSWORD = "Rach Gia, Kien Giang 8";
export const CODE = "246810";

/** Where a text stands in the page: fields, markup and what the browser stores. */
async function traces(page: Page, text: string): Promise<string[]> {
  return page.evaluate((secret) => {
    const found: string[] = [];
    for (const field of document.querySelectorAll<HTMLInputElement>("input, textarea, select")) {
      if (field.value.includes(secret)) found.push(`field ${field.name}`);
    }
    if (document.documentElement.outerHTML.includes(secret)) found.push("markup");
    for (const storage of [localStorage, sessionStorage]) if (JSON.stringify(storage).includes(secret)) found.push("storage");
    if (document.cookie.includes(secret) || location.href.includes(secret)) found.push("address");
    return found;
  }, text);
}

const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name ?? "");
const wallBox = (page: Page) => page.evaluate(() => window.fake?.surface?.wall);

describe("signing in", () => {
  test("account and password, wrong ones first", async () => {
    const page = await open({ query: "?session=signed_out", ready: ".card" });
    expect(await focused(page)).toBe("account");
    expect(await page.locator("#wall, .rail").count()).toBe(0);
    await page.keyboard.type("truong-ca");
    await page.keyboard.press("Tab");
    await page.keyboard.type("khong dung");
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toContain("Còn 4 lần thử");
    expect(await focused(page)).toBe("password");
    expect(await traces(page, "khong dung")).toEqual([]);
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator("#wall").waitFor();
    expect(await traces(page, PASSWORD)).toEqual([]);
  });

  test("with a code; a wrong one, then one that was kept for a lost telephone", async () => {
    const page = await open({ query: "?session=signed_out", ready: ".card" });
    await page.keyboard.type("quantri");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator("[name=code]").waitFor();
    expect(await focused(page)).toBe("code");
    expect(await traces(page, PASSWORD)).toEqual([]);
    await page.keyboard.type("000000");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await focused(page)).toBe("code");
    await page.keyboard.type("7kqm-2xtd");
    await page.keyboard.press("Enter");
    // An administrator has no wall to start at.
    await page.getByRole("heading", { name: "Tài khoản", level: 1 }).waitFor();
    expect(await page.locator("#wall").count()).toBe(0);
    expect((await calls(page, "signIn")).map(([, , code]) => code)).toEqual([null, "000000", "7KQM-2XTD"]);
    expect(await traces(page, PASSWORD)).toEqual([]);
  });

  test("shows what is typed only while that is asked for, and says when the caps lock is on", async () => {
    const page = await open({ query: "?session=signed_out", ready: ".card" });
    const field = page.locator("[name=password]");
    expect(await field.getAttribute("type")).toBe("password");
    expect(await field.getAttribute("autocomplete")).toBe("current-password");
    await page.getByRole("button", { name: "Hiện mật khẩu" }).focus();
    await page.keyboard.press("Enter");
    expect(await field.getAttribute("type")).toBe("text");
    await field.evaluate((element) =>
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "A", modifierCapsLock: true, bubbles: true } as KeyboardEventInit)),
    );
    await page.getByText("Đang bật Caps Lock").waitFor();
  });

  test("a first password is replaced before anything else", async () => {
    const page = await open({ query: "?session=signed_out", ready: ".card" });
    await page.keyboard.type("truc4");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Chọn mật khẩu của riêng bạn" }).waitFor();
    expect(await page.locator("#wall, .rail").count()).toBe(0);
    const chosen = "Biển Kiên Giang 2026";
    await page.keyboard.type(PASSWORD);
    await page.locator("[name=password]").focus();
    await page.keyboard.type(chosen);
    await page.locator("[name=repeat]").focus();
    await page.keyboard.type(chosen);
    await eventually(() => page.locator(".rules li[data-holds]").count(), 5);
    await page.keyboard.press("Enter");
    await page.locator("#wall").waitFor();
    for (const secret of [PASSWORD, chosen]) expect(await traces(page, secret)).toEqual([]);
  });
});

describe("a second factor that is asked for", () => {
  const signIn = async () => {
    const page = await open({ query: "?session=signed_out", ready: ".card" });
    await page.keyboard.type("giamsat");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Thêm mã trên điện thoại" }).waitFor();
    return page;
  };

  test("is added before anything else, and its recovery codes stay until they are kept", async () => {
    const page = await signIn();
    expect(await page.locator("#wall, .rail").count()).toBe(0);
    await page.keyboard.type("khong dung");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("img", { name: "Mã QR" }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.type("111111");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Mã không đúng").waitFor();
    await page.keyboard.type(CODE);
    await page.keyboard.press("Enter");
    await eventually(() => page.locator(".card .recovery li").count(), 8);
    expect(await page.locator("#wall, .rail").count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole("button", { name: "Tôi đã cất mã" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#wall").waitFor();
    for (const secret of [PASSWORD, "JBSW", "7KQM-2XTD"]) expect(await traces(page, secret)).toEqual([]);
  });

  test("may wait for another day: whoever has no telephone at hand signs out", async () => {
    const page = await signIn();
    await page.getByRole("button", { name: "Đăng xuất" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Đăng nhập" }).waitFor();
  });
});

test("the first start: an administrator, with a password that is good enough", async () => {
  const page = await open({ query: "?session=first_start", ready: ".card" });
  await page.keyboard.type("admin");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Lê Quốc Bảo");
  await page.keyboard.press("Tab");
  await page.keyboard.type("admin");
  const holds = () => page.locator(".rules li[data-holds]").allInnerTexts();
  await eventually(async () => (await holds()).length, 1);
  expect(await page.getByRole("button", { name: "Tạo và đăng nhập" }).isDisabled()).toBe(true);
  const chosen = "Rạch Giá về đêm 7!";
  await page.locator("[name=password]").fill(chosen);
  await eventually(async () => (await holds()).length, 4);
  await page.locator("[name=repeat]").focus();
  await page.keyboard.type(chosen);
  await eventually(async () => (await holds()).length, 5);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Tài khoản", level: 1 }).waitFor();
  expect(await calls(page, "createFirstAccount")).toEqual([["createFirstAccount", "admin", "Lê Quốc Bảo"]]);
  expect(await traces(page, chosen)).toEqual([]);
});

describe("the lock", () => {
  test("leaves the wall where it is and everything else out of reach", async () => {
    const page = await open();
    await placeSite(page, "cho rach soi");
    await eventually(async () => ((await wallBox(page))?.width ?? 0) > 500, true);
    const before = await wallBox(page);
    await page.keyboard.press("Control+l");
    await page.getByRole("region", { name: "Đã khóa điều khiển" }).waitFor();
    expect(await wallBox(page)).toEqual(before);
    expect(await focused(page)).toBe("password");
    const acts = (await calls(page, "act")).length;
    for (let i = 0; i < 12; i += 1) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest(".lock-panel") !== null)).toBe(true);
    }
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (const key of ["3", "Delete", "ArrowRight", "Control+z", "Alt+2", "?", "/"]) await page.keyboard.press(key);
    expect((await calls(page, "act")).length).toBe(acts);
    expect(await page.locator("[role=dialog]").count()).toBe(0);
    await page.locator(".lock-panel [name=password]").focus();
    await page.keyboard.type("sai");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(".lock-panel").waitFor({ state: "detached" });
    expect(await wallBox(page)).toEqual(before);
    await page.keyboard.press("4");
    await eventually(async () => (await calls(page, "act")).length, acts + 1);
    expect(await traces(page, PASSWORD)).toEqual([]);
  });

  test("closes what was open", async () => {
    const page = await open();
    await page.keyboard.press("w");
    await page.getByRole("menu").waitFor();
    await page.evaluate(() => window.fake?.people.turn("locked"));
    await page.locator(".lock-panel").waitFor();
    await eventually(() => page.getByRole("menu").count(), 0);
    expect(await barriers(page)).toEqual([]);
  });

  test("somebody else takes over: the wall never leaves, what they may not see does", async () => {
    const page = await open();
    await eventually(async () => ((await wallBox(page))?.width ?? 0) > 500, true);
    await page.keyboard.press("Control+l");
    await page.getByRole("button", { name: "Người khác đăng nhập" }).focus();
    await page.keyboard.press("Enter");
    await eventually(() => focused(page), "account");
    await page.keyboard.type("truc2");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(".lock-panel").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Đặng Minh Tuấn" }).waitFor();
    const widths = (await calls(page, "setSurface")).map(([, surface]) => (surface as { wall: { width: number } }).wall.width);
    expect(widths.slice(widths.findIndex((width) => width > 0)).filter((width) => width === 0)).toEqual([]);
    expect(await traces(page, PASSWORD)).toEqual([]);
  });

  test("without a list beside the wall it waits in the corner", async () => {
    const page = await open({ query: "?session=locked", width: 683, height: 384 });
    await page.locator(".lock-panel").waitFor();
    expect((await page.locator(".lock-panel").boundingBox())?.height).toBeLessThan(40);
    await page.keyboard.press("Enter");
    await eventually(() => focused(page), "password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(".lock-panel").waitFor({ state: "detached" });
  });

  test("hides what an auditor had before them", async () => {
    const page = await open({ query: "?role=auditor", ready: ".records" });
    await page.keyboard.press("Control+l");
    await page.locator(".lock-panel").waitFor();
    expect(await page.locator(".records, #wall").count()).toBe(0);
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(".records").waitFor();
  });
});

describe("the person's menu", () => {
  const openMenu = async (page: Page) => {
    await page.getByRole("button", { name: "Nguyễn Thị Hồng Đào" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menu").waitFor();
  };

  test("hands over in a dialog", async () => {
    const page = await open();
    await openMenu(page);
    await page.getByRole("menuitem", { name: "Bàn giao cho người khác…" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Bàn giao ca" }).waitFor();
    await eventually(() => focused(page), "account");
    await page.keyboard.type("kiemtra");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    // An auditor sees no wall.
    await page.locator(".records").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await eventually(() => page.evaluate(() => window.fake?.surface?.wall.width), 0);
    expect((await calls(page, "handOver")).length).toBe(1);
  });

  test("signs out: nothing of the console is left in the page", async () => {
    const page = await open();
    await placeSite(page, "cho rach soi");
    await openMenu(page);
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.locator(".card").waitFor();
    expect(await page.locator("body").innerText()).not.toMatch(/Chợ Rạch Sỏi|Hồng Đào/);
    await eventually(() => page.evaluate(() => window.fake?.surface?.wall.width), 0);
  });
});

test("the demonstration is marked, and roles can be tried", async () => {
  const page = await open({ query: "?demo" });
  await page.getByRole("button", { name: "Bản trình diễn, vai trò Trưởng ca" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemradio", { name: "Kiểm tra" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".records").waitFor();
  expect(await calls(page, "playRole")).toEqual([["playRole", "auditor"]]);
  const names = await page.locator(".rail button").evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
  expect(names).toEqual(["Nhật ký hoạt động", "Tài khoản của tôi", "Cài đặt", "Vụ việc và chứng cứ"]);
});

describe("workspaces", () => {
  test("by the rail and by Alt with a digit; Esc brings the wall back at once", async () => {
    const page = await open();
    await eventually(async () => ((await wallBox(page))?.width ?? 0) > 500, true);
    const before = await wallBox(page);
    await page.locator(".rail [aria-current=page]").focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    const heading = page.getByRole("heading", { name: "Tài khoản của tôi", level: 1 });
    await heading.waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("workspace-title");
    await eventually(() => page.evaluate(() => window.fake?.surface?.wall.width), 0);
    // The wall's keys mean nothing here.
    const acts = (await calls(page, "act")).length;
    for (const key of ["3", "z", "Delete"]) await page.keyboard.press(key);
    expect((await calls(page, "act")).length).toBe(acts);
    await page.keyboard.press("Escape");
    await page.locator("#wall").waitFor();
    await eventually(() => wallBox(page), before);
    await page.keyboard.press("Alt+7");
    await heading.waitFor();
    await page.keyboard.press("Alt+1");
    await page.locator("#wall").waitFor();
    // Not for a supervisor.
    await page.keyboard.press("Alt+5");
    expect(await page.locator("#wall").count()).toBe(1);
  });
});

test("somebody who is there is told of, but not with every move", async () => {
  const page = await open();
  for (let i = 0; i < 20; i += 1) await page.mouse.move(400 + i, 300);
  await page.keyboard.press("ArrowRight");
  expect(await calls(page, "touched")).toHaveLength(1);
});

describe.each(["dark", "light"])("no barriers, %s", (theme) => {
  test.each(["first_start", "signed_out", "password_due", "second_factor_due", "locked"])("%s", async (session) => {
    const page = await open({ query: `?session=${session}&theme=${theme}`, ready: ".card, .lock-card" });
    expect(await barriers(page)).toEqual([]);
  });
});

test("everything within reach at 200 %", async () => {
  for (const session of ["first_start", "signed_out", "password_due", "second_factor_due"]) {
    const page = await open({ query: `?session=${session}&language=en`, ready: ".card", width: 683, height: 384 });
    const last = page.locator(".card button[type=submit]");
    await last.scrollIntoViewIfNeeded();
    expect((await last.boundingBox())?.height).toBeGreaterThan(20);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(683);
    const words = (await page.locator(".card").innerText()).replace("Nguyễn Thị Hồng Đào", "");
    expect(words).not.toMatch(/[ăâđêôơưàảãáạ]/i);
  }
});
