import { expect, test } from "vitest";
import { errorsAsText } from "./errors-text";

test("one line a row, whatever stands in it", () => {
  const text = errorsAsText(["Dòng", "Cột", "Giá trị", "Sửa"], [
    { row: 3, column: "Địa chỉ", value: "a\tb\nc", text: "Sai" },
    { row: null, column: "", value: "", text: "Cả tệp" },
  ]);
  expect(text.split("\n").map((line) => line.split("\t"))).toEqual([
    ["Dòng", "Cột", "Giá trị", "Sửa"],
    ["3", "Địa chỉ", "a b c", "Sai"],
    ["", "", "", "Cả tệp"],
  ]);
});
