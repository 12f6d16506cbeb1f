import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Act, Foreseen } from "../ipc/wire";
import { Outlook } from "./outlook";

const ACT: Act = { kind: "overview" };
const foreseen = (text: string, costs = false): Foreseen => ({ text, decode: 0.5, costs, instead: [] });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("who points in passing asks nothing, and the last answer alone is said", async () => {
  const answers = new Map<string, (found: Foreseen) => void>();
  const ask = vi.fn((wall: number) => new Promise<Foreseen>((done) => answers.set(String(wall), done)));
  const outlook = new Outlook(ask);
  outlook.look(1, ACT);
  await vi.advanceTimersByTimeAsync(50);
  outlook.look(2, ACT);
  await vi.advanceTimersByTimeAsync(500);
  outlook.look(3, ACT);
  await vi.advanceTimersByTimeAsync(500);
  expect(ask.mock.calls.map(([wall]) => wall)).toEqual([2, 3]);
  answers.get("3")?.(foreseen("third"));
  answers.get("2")?.(foreseen("second"));
  await vi.advanceTimersByTimeAsync(1);
  expect(outlook.words.get()?.text).toBe("third");
  outlook.lookAway();
  expect(outlook.words.get()).toBeNull();
});

test("only what costs pictures is asked about", async () => {
  const go = vi.fn();
  const outlook = new Outlook((wall) => Promise.resolve(wall === 1 ? foreseen("fits") : foreseen("dark", true)));
  await outlook.attempt(1, ACT, go);
  expect(go).toHaveBeenCalledWith(ACT);
  await outlook.attempt(2, ACT, go);
  expect(go).toHaveBeenCalledTimes(1);
  expect(outlook.doubt.get()).toMatchObject({ wall: 2, act: ACT, foreseen: { text: "dark" } });
});

test("an act is done where nothing can be foreseen", async () => {
  const go = vi.fn();
  await new Outlook(() => Promise.reject(new Error("gone"))).attempt(0, ACT, go);
  expect(go).toHaveBeenCalledWith(ACT);
});
