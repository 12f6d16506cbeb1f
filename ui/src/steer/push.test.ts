import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Push } from "../ipc/wire";
import { PushingHand, RENEWAL } from "./push";

const turn = (pan: number): Push => ({ kind: "turn", pan, tilt: 0, zoom: 0 });
const pans = (sent: [string, Push][]) => sent.map(([, push]) => (push.kind === "turn" ? push.pan : null));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function hand(answer: () => Promise<void> = () => Promise.resolve()) {
  const sent: [string, Push][] = [];
  const gone: string[] = [];
  const refused: unknown[] = [];
  const made = new PushingHand(
    (camera, push) => {
      sent.push([camera, push]);
      return answer();
    },
    (camera) => gone.push(camera),
    (error) => refused.push(error),
  );
  return { made, sent, gone, refused };
}

test("a hand is heard at once, again while it holds, and no more after it has let go", async () => {
  const { made, sent, gone } = hand();
  made.hold("a", turn(1));
  expect(pans(sent)).toEqual([1]);
  await vi.advanceTimersByTimeAsync(RENEWAL * 3);
  expect(sent).toHaveLength(4);
  made.release();
  await vi.advanceTimersByTimeAsync(RENEWAL * 5);
  expect(sent).toHaveLength(4);
  expect(gone).toEqual(["a"]);
  made.release();
  expect(gone).toEqual(["a"]);
});

test("while an answer is awaited only the last word is kept", async () => {
  const answers: (() => void)[] = [];
  const { made, sent } = hand(() => new Promise((done) => answers.push(done)));
  made.hold("a", turn(0.1));
  made.hold("a", turn(0.2));
  made.hold("a", turn(0.3));
  expect(pans(sent)).toEqual([0.1]);
  answers.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(pans(sent)).toEqual([0.1, 0.3]);
});

test("who is refused lets go, and hears of it once", async () => {
  const { made, sent, gone, refused } = hand(() => Promise.reject(new Error("held")));
  made.hold("a", turn(1));
  await vi.advanceTimersByTimeAsync(RENEWAL * 5);
  expect([sent.length, gone.length, refused.length]).toEqual([1, 1, 1]);
  expect(made.isHolding).toBe(false);
});

test("another camera is taken only after the first one was let go of", () => {
  const { made, gone } = hand();
  made.hold("a", turn(1));
  made.hold("b", turn(1));
  expect(gone).toEqual(["a"]);
});
