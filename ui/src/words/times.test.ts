import { expect, test } from "vitest";
import { ago, clock, exactly, inOrder, lasting } from "./times";

const at = new Date(2026, 10, 22, 14, 5, 9).getTime();

test("as the language writes them", () => {
  expect(exactly(at, "vi")).toBe("22/11/2026 14:05:09");
  expect(exactly(at, "en")).toBe("22/11/2026 14:05:09");
  expect(ago(at - 5 * 60_000, "vi", at)).toBe("5 phút trước");
  expect(ago(at - 5 * 60_000, "en", at)).toBe("5 minutes ago");
  expect(lasting(3 * 3_600_000 + 59_000, "vi")).toBe("3 giờ");
  expect(lasting(90_000_000, "en")).toBe("1 day");
});

test("a clock that is wrong by a little says no nonsense", () => {
  expect(ago(at + 4000, "vi", at)).toBe("0 giây trước");
  expect(lasting(-5, "vi")).toBe("0 giây");
});

test("the day only where it is another one; midnight is 00", () => {
  expect(clock(at, "vi", at + 60_000)).toBe("14:05");
  expect(clock(at, "vi", at + 86_400_000)).toBe("14:05 22/11");
  expect(clock(new Date(2026, 10, 22, 0, 3).getTime(), "en", at)).toBe("00:03");
});

test("the Vietnamese alphabet: đ after d, tones after letters, numbers by value", () => {
  const sorted = ["Đường", "Dốc", "Phòng 10", "Phòng 9", "Chợ", "Ao"].sort((a, b) => inOrder(a, b, "vi"));
  expect(sorted).toEqual(["Ao", "Chợ", "Dốc", "Đường", "Phòng 9", "Phòng 10"]);
});
