// How fast the time line moves: sixteen cameras, fifteen days of spans, a frame for each turn of the wheel. Prints a table.

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually, open, placeSite } from "../browser/console";

const FRAMES = 300;

type Movement = "pan" | "zoom" | "point";

/** Milliseconds from each frame to the next while something moves in each of them. */
function move(page: Page, movement: Movement): Promise<number[]> {
  return page.evaluate(
    async ({ movement, frames }) => {
      const line = document.querySelector<HTMLCanvasElement>("canvas.timeline");
      if (!line) throw new Error("there is no time line");
      const box = line.getBoundingClientRect();
      const next = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const times = [await next()];
      for (let frame = 0; frame < frames; frame++) {
        const there = frame % 60 < 30 ? 1 : -1;
        const clientX = box.left + box.width * (0.5 + 0.4 * Math.sin(frame / 20));
        const place = { clientX, clientY: box.top + 40, bubbles: true, cancelable: true };
        if (movement === "pan") line.dispatchEvent(new WheelEvent("wheel", { ...place, deltaX: 12 * there }));
        // Out and in again between half a day and all fifteen.
        if (movement === "zoom") line.dispatchEvent(new WheelEvent("wheel", { ...place, deltaY: 10 * there }));
        if (movement === "point") line.dispatchEvent(new PointerEvent("pointermove", place));
        times.push(await next());
      }
      return times.slice(1).map((time, index) => time - (times[index] ?? time));
    },
    { movement, frames: FRAMES },
  );
}

const part = (sorted: readonly number[], share: number) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? NaN;

test("the time line of sixteen cameras and fifteen days", async () => {
  const page = await open({ width: 1920, height: 1080 });
  await placeSite(page, "benh vien");
  await page.keyboard.press("r");
  await page.locator(".playback").waitFor();
  const line = page.getByRole("slider", { name: "Dòng thời gian" });
  await line.focus();
  for (let zoom = 0; zoom < 12; zoom++) await page.keyboard.press("-");
  const span = async () => Number(await line.getAttribute("aria-valuemax")) - Number(await line.getAttribute("aria-valuemin"));
  await eventually(span, 15 * 86_400);
  const asked = () => page.evaluate(() => new Set((window.fake?.calls ?? []).filter(([name]) => name === "recorded").map(([, camera]) => camera)).size);
  await eventually(asked, 16);
  await page.waitForTimeout(1500);

  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const busy = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN;
  const rows: string[] = [];
  for (const movement of ["pan", "zoom", "point"] as const) {
    const before = await busy();
    const frames = (await move(page, movement)).sort((a, b) => a - b);
    const each = ((await busy()) - before) / FRAMES;
    const missed = frames.filter((ms) => ms > 20).length;
    expect(frames.length).toBe(FRAMES);
    rows.push(`| ${movement} | ${part(frames, 0.5).toFixed(1)} | ${part(frames, 0.95).toFixed(1)} | ${part(frames, 1).toFixed(1)} | ${missed} of ${FRAMES} | ${(each * 1000).toFixed(1)} |`);
  }
  process.stdout.write(
    `\n| time line, 16 cameras, 15 days | frame p50 ms | p95 | longest | later than 20 ms | the page's thread, ms a frame |\n| --- | ---: | ---: | ---: | ---: | ---: |\n${rows.join("\n")}\n`,
  );
});
