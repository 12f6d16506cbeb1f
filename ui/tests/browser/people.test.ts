// Accounts and logins, by the keyboard.

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { barriers } from "./barriers";
import { calls, eventually, open, placeSite } from "./console";

const PASSWORD = "Rach Gia, Kien Giang 8";
const CODE = "246810";

const accounts = (query = "") => open({ query: `?role=administrator${query}`, ready: ".table tbody tr:nth-child(13)" });
const names = (page: Page) => page.locator(".table tbody th bdi").allInnerTexts();
/** The value of every field, for what may not be left in one. */
const fields = (page: Page) =>
  page.locator("input").evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value).filter(Boolean));

async function actionsFor(page: Page, name: string): Promise<void> {
  await page.getByRole("row", { name }).getByRole("button", { name: "Thao tác" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
}

describe("accounts", () => {
  test("are found without marks and sorted by each column", async () => {
    const page = await accounts();
    await page.keyboard.press("/");
    await page.keyboard.type("giong rieng");
    await eventually(() => names(page), ["Danh Sơn"]);
    await page.keyboard.press("Escape");
    await eventually(async () => (await names(page)).length, 13);
    await page.getByRole("button", { name: "Đăng nhập gần nhất" }).focus();
    await page.keyboard.press("Enter");
    await eventually(async () => (await names(page))[0], "Huỳnh Tấn Phát");
    await page.keyboard.press("Enter");
    await eventually(async () => (await names(page)).at(-1), "Huỳnh Tấn Phát");
    expect(await page.locator("th[aria-sort=descending]").innerText()).toBe("Đăng nhập gần nhất");
  });

  test("a new one: role, places, and a password made at random", async () => {
    const page = await accounts();
    await page.getByRole("button", { name: "Tài khoản mới" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("Thị Nở");
    await page.keyboard.press("Tab");
    await page.keyboard.type("thi-no");
    await page.getByRole("button", { name: "Tạo ngẫu nhiên" }).focus();
    await page.keyboard.press("Enter");
    const first = await page.locator("[name=password]").inputValue();
    expect(first).toMatch(/^.{4}-.{4}-.{4}-.{4}$/);
    await eventually(() => page.locator(".rules li[data-holds]").count(), 4);
    await page.locator("input[name=role]:checked").focus();
    await page.keyboard.press("ArrowDown");
    expect(await page.locator("input[name=role]:checked").getAttribute("value")).toBe("viewer");
    await page.locator("input[name=scope]:checked").focus();
    await page.keyboard.press("ArrowDown");
    const submit = page.getByRole("button", { name: "Tạo tài khoản" });
    expect(await submit.isDisabled()).toBe(true);
    await page.getByLabel("Tìm huyện, điểm, camera").focus();
    await page.keyboard.type("cho rach soi");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press(" ");
    await page.getByText("Đang chọn 9 camera").waitFor();
    await page.getByRole("checkbox", { name: "Bắt buộc mã trên điện thoại" }).focus();
    await page.keyboard.press(" ");
    await submit.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await eventually(async () => (await names(page)).includes("Thị Nở"), true);
    const made = {
      account: "thi-no",
      name: "Thị Nở",
      role: "viewer",
      scope: { everything: false, districts: [], sites: ["cho"], cameras: [] },
      second_factor_required: true,
    };
    expect(await calls(page, "createAccount")).toEqual([["createAccount", made, first.length]]);
    expect(await page.getByRole("row", { name: "Thị Nở" }).innerText()).toContain("Phải thêm mã điện thoại");
    expect(await fields(page)).not.toContain(first);
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(first);
  });

  test("one taken already stays in the dialog with the program's words", async () => {
    const page = await accounts();
    await page.getByRole("button", { name: "Tài khoản mới" }).click();
    await page.locator("[name=name]").fill("Ai đó");
    await page.getByLabel("Tên tài khoản").fill("truc1");
    await page.getByRole("button", { name: "Tạo ngẫu nhiên" }).click();
    await eventually(() => page.getByRole("button", { name: "Tạo tài khoản" }).isDisabled(), false);
    await page.getByRole("button", { name: "Tạo tài khoản" }).click();
    await page.getByRole("alert").getByText("Đã có tài khoản này").waitFor();
    expect(await page.locator("[name=password]").inputValue()).toBe("");
  });

  test("changed; role and scope of one that came with the inventory are not", async () => {
    const page = await accounts();
    await page.getByRole("button", { name: "Trần Văn Ân", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Theo danh mục đã ký").waitFor();
    expect(await page.locator("input[name=role]:enabled, input[name=scope]:enabled").count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Bùi Thị Thu Hà", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("End");
    await page.keyboard.type(" Vân");
    await page.keyboard.press("Enter");
    await eventually(async () => (await names(page)).includes("Bùi Thị Thu Hà Vân"), true);
  });

  test("reset, released, disabled after a question, enabled again", async () => {
    const page = await accounts();
    await actionsFor(page, "Phạm Thị Ngọc Ánh");
    await page.getByRole("menuitem", { name: "Mở khóa ngay" }).focus();
    await page.keyboard.press("Enter");
    await eventually(() => page.getByText(/^Khóa đến/).count(), 0);
    await actionsFor(page, "Phạm Thị Ngọc Ánh");
    await page.getByRole("menuitem", { name: "Vô hiệu" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").waitFor();
    expect(await calls(page, "setAccountDisabled")).toEqual([]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await eventually(async () => (await calls(page, "setAccountDisabled")).at(-1), ["setAccountDisabled", "truc3", true]);
    await actionsFor(page, "Phạm Thị Ngọc Ánh");
    await page.getByRole("menuitem", { name: "Cho phép lại" }).focus();
    await page.keyboard.press("Enter");
    await eventually(async () => (await calls(page, "setAccountDisabled")).at(-1), ["setAccountDisabled", "truc3", false]);
    await actionsFor(page, "Phạm Thị Ngọc Ánh");
    await page.getByRole("menuitem", { name: "Đặt lại mật khẩu" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.getByRole("button", { name: "Tạo ngẫu nhiên" }).focus();
    await page.keyboard.press("Enter");
    const submit = page.getByRole("dialog").locator("button[type=submit]");
    await eventually(() => submit.isDisabled(), false);
    await submit.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await calls(page, "resetPassword")).toEqual([["resetPassword", "truc3", 19]]);
  });

  test("hostile names stay text", async () => {
    const page = await accounts();
    expect((await names(page))[0]).toContain("<img src=x onerror=");
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.evaluate(() => (window as { hostile?: boolean }).hostile)).toBeUndefined();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1366);
  });
});

describe("my account", () => {
  test("a second factor: the picture, the code, the codes for a lost telephone, once", async () => {
    const page = await open();
    await page.keyboard.press("Alt+7");
    await page.getByRole("button", { name: "Bật mã" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    const picture = page.getByRole("img", { name: "Mã QR" });
    await picture.waitFor();
    await eventually(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0), true);
    expect(await page.locator(".typed-code").innerText()).toBe("JBSW Y3DP EHPK 3PXP");
    await page.keyboard.type("111111");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Mã không đúng").waitFor();
    await page.keyboard.type(CODE);
    await page.keyboard.press("Enter");
    await eventually(() => page.locator(".me .recovery li").count(), 8);
    expect(await barriers(page)).toEqual([]);
    // To the printer goes this list and nothing else.
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#root").isVisible()).toBe(false);
    expect(await page.locator(".printed li").first().innerText()).toBe("7KQM-2XTD");
    await page.emulateMedia({ media: "screen" });
    await page.getByRole("button", { name: "Tôi đã cất mã" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Đang bật: mỗi lần đăng nhập").waitFor();
    const markup = await page.evaluate(() => document.documentElement.outerHTML);
    for (const secret of ["7KQM-2XTD", "JBSW", PASSWORD]) expect(markup).not.toContain(secret);
  });

  test("a second factor that an administrator asks for is not turned off", async () => {
    const page = await open({ query: "?role=administrator", ready: ".table tbody tr:nth-child(13)" });
    await page.keyboard.press("Alt+7");
    await page.getByText("Đang bật theo yêu cầu của quản trị viên").waitFor();
    expect(await page.getByRole("button", { name: "Tắt mã" }).count()).toBe(0);
  });

  test("the password is changed", async () => {
    const page = await open();
    await page.keyboard.press("Alt+7");
    await page.getByRole("button", { name: "Đổi mật khẩu" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type(PASSWORD);
    const chosen = "Hòn Đất 4 mùa gió";
    for (const name of ["password", "repeat"]) {
      await page.locator(`[name=${name}]`).focus();
      await page.keyboard.type(chosen);
    }
    await eventually(() => page.locator(".me button[type=submit]").isDisabled(), false);
    await page.keyboard.press("Enter");
    await page.getByText("Đã đổi mật khẩu.").waitFor();
    expect((await calls(page, "changePassword")).length).toBe(1);
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(chosen);
  });
});

describe("logins", () => {
  test("added for a recorder; what the device says is said, and a refused one is not tried again", async () => {
    const page = await open();
    await page.keyboard.press("Alt+7");
    await page.getByRole("button", { name: "Thêm" }).focus();
    await page.keyboard.press("Enter");
    const target = page.getByRole("combobox");
    await target.focus();
    await page.keyboard.type("khoa noi");
    await page.keyboard.press("Enter");
    expect(await target.inputValue()).toBe("Khoa nội");
    await page.locator("[name=user]").focus();
    await page.keyboard.type("sai");
    await page.keyboard.press("Tab");
    await page.keyboard.type("mật-khẩu-thiết-bị");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Thiết bị từ chối").waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
    expect(await fields(page)).not.toContain("mật-khẩu-thiết-bị");
    expect(await calls(page, "setLogin")).toEqual([["setLogin", { kind: "recorder", id: "bvdk-1" }, "sai", 17]]);
    await page.locator("[name=user]").fill("giamsat");
    await page.locator("[name=password]").focus();
    await page.keyboard.type("mật-khẩu-thiết-bị");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Thiết bị chấp nhận").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await eventually(() => page.locator(".login[data-tested=accepted] .login-name > bdi").allInnerTexts(), ["Mọi thiết bị trong tỉnh", "Khoa nội"]);
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain("mật-khẩu-thiết-bị");
  });

  test("removed after a question", async () => {
    const page = await open();
    await page.keyboard.press("Alt+7");
    await page.locator(".login", { hasText: "Khoa ngoại" }).getByRole("button", { name: "Xóa" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await eventually(() => page.locator(".login").count(), 2);
  });

  test("without a keychain nothing is kept before somebody agrees", async () => {
    const page = await open({ query: "?nokeychain" });
    await page.keyboard.press("Alt+7");
    await page.getByText("Máy này không có chùm khóa").waitFor();
    expect(await page.getByRole("button", { name: "Thêm" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Đồng ý, dùng tệp mã hóa" }).focus();
    await page.keyboard.press("Enter");
    await eventually(async () => calls(page, "keepLogins"), [["keepLogins", "password_file"]]);
    await page.getByText("Mật khẩu được giữ trong tệp mã hóa").waitFor();
  });

  test("a tile that is dark for want of one offers to enter it for its recorder", async () => {
    const page = await open();
    await placeSite(page, "cho rach soi");
    await page.evaluate(() =>
      window.fake?.darken("cho-1-1", { text: "Sai người dùng hoặc mật khẩu", detail: "Sửa lại thông tin" }),
    );
    await eventually(() => page.locator(".status-state").innerText(), "Sai người dùng hoặc mật khẩu");
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: "Nhập tài khoản thiết bị…" }).waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Thêm tài khoản thiết bị" });
    await dialog.waitFor();
    expect(await dialog.getByRole("combobox").inputValue()).toBe("Đầu ghi Chợ Rạch Sỏi");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowRight");
    await eventually(() => page.locator("#wall [aria-selected=true]").getAttribute("data-at"), "1");
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menu").waitFor();
    expect(await page.getByRole("menuitem", { name: "Nhập tài khoản thiết bị…" }).count()).toBe(0);
  });
});

describe.each(["dark", "light"])("no barriers, %s", (theme) => {
  test("accounts and their dialogs", async () => {
    const page = await accounts(`&theme=${theme}`);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole("button", { name: "Tài khoản mới" }).click();
    await page.getByText("Chỉ những nơi được chọn").click();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await actionsFor(page, "Bùi Thị Thu Hà");
    expect(await barriers(page)).toEqual([]);
  });

  test("my account and a login", async () => {
    const page = await open({ query: `?theme=${theme}` });
    await page.keyboard.press("Alt+7");
    await page.locator(".login").first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole("button", { name: "Thêm" }).click();
    await page.getByRole("combobox").click();
    await page.locator(".picker-option").first().waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});

describe("in English, at every size", () => {
  test.each([
    [683, 384],
    [1366, 768],
    [1920, 1080],
  ])("%i×%i", async (width, height) => {
    const page = await open({ query: "?role=administrator&language=en", ready: ".table tbody tr:nth-child(13)", width, height });
    const own = async () =>
      (await page.locator("h1, h2, thead, button, .section-text, .keeping, legend, .option").allInnerTexts()).filter(
        (text) => !/Đào|Bảo|Tuấn|Ánh|Phát|Hà|Lợi|Thắng|Nghĩa|Ân|Sơn|Duyên|img/.test(text),
      );
    for (const text of await own()) expect(text).not.toMatch(/[ăâđêôơưàảãáạ]/i);
    await page.getByRole("button", { name: "New account" }).click();
    await page.getByRole("dialog").waitFor();
    for (const text of await own()) expect(text).not.toMatch(/[ăâđêôơưàảãáạ]/i);
    const submit = page.getByRole("button", { name: "Create account" });
    const box = await submit.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
