import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Board, Notice } from "../ipc/wire";
import { BoardFeed } from "./feed";

const EMPTY: Board = { cameras: [], recorders: [], complete: null };
const explain = (error: unknown): Notice => ({ level: "error", title: String(error), detail: "" });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("asks while somebody watches, and only then", async () => {
  const ask = vi.fn(async () => EMPTY);
  const feed = new BoardFeed(ask, explain);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ask).toHaveBeenCalledTimes(0);
  const first = feed.watch();
  const second = feed.watch();
  await vi.advanceTimersByTimeAsync(4100);
  expect(ask).toHaveBeenCalledTimes(3);
  first();
  await vi.advanceTimersByTimeAsync(2000);
  expect(ask).toHaveBeenCalledTimes(4);
  second();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ask).toHaveBeenCalledTimes(4);
});

test("never asks twice at once, and a failure keeps what was known", async () => {
  let answer: (board: Board) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const ask = vi.fn(() => new Promise<Board>((done, failed) => ((answer = done), (fail = failed))));
  const feed = new BoardFeed(ask, explain);
  feed.watch();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(ask).toHaveBeenCalledTimes(1);
  answer(EMPTY);
  await vi.advanceTimersByTimeAsync(2000);
  expect([ask.mock.calls.length, feed.board.get()]).toEqual([2, EMPTY]);
  fail("gone");
  await vi.advanceTimersByTimeAsync(0);
  expect([feed.problem.get()?.title, feed.board.get()]).toEqual(["gone", EMPTY]);
});

test("what is answered after the person has gone is nobody's", async () => {
  let answer: (board: Board) => void = () => undefined;
  const feed = new BoardFeed(() => new Promise<Board>((done) => (answer = done)), explain);
  feed.watch();
  const late = answer;
  feed.forget();
  late(EMPTY);
  await vi.advanceTimersByTimeAsync(0);
  expect(feed.board.get()).toBeNull();
});
