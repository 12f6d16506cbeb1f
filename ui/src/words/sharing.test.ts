import { expect, test } from "vitest";
import { setLocale } from "../paraglide/runtime.js";
import { sharingInWords } from "./sharing";

test("counts the others, not itself", () => {
  setLocale("en", { reload: false });
  expect(sharingInWords({ state: "connected", clients: 1 })).toBe("nobody else yet");
  expect(sharingInWords({ state: "connected", clients: 2 })).toBe("shared with 1 other");
  setLocale("vi", { reload: false });
  expect(sharingInWords({ state: "connected", clients: 4 })).toBe("dùng chung với 3 máy");
  expect(sharingInWords({ state: "alone", clients: 0 })).toBe("một mình");
  expect(sharingInWords({ state: "lost", clients: 0 })).toBe("mất máy chủ dùng chung");
});
