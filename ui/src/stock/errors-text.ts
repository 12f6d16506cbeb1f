import type { RowError } from "../ipc/wire";

/** Rows as a spreadsheet takes them from the clipboard. What would break a row out of its line becomes a space. */
export function errorsAsText(headings: string[], errors: RowError[]): string {
  const cell = (text: string) => text.replace(/\s+/g, " ").trim();
  const rows = errors.map((error) => [error.row === null ? "" : String(error.row), error.column, error.value, error.text]);
  return [headings, ...rows].map((row) => row.map(cell).join("\t")).join("\n");
}
