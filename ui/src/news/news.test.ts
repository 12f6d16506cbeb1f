import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CameraNews } from "../ipc/wire";
import { gathered, named, NOTHING } from "./gather";
import { News } from "./news";
import { Sounds } from "./sounds";

const news = (id: string, lost: boolean, at = 0): CameraNews => ({ id, name: `Camera ${id}`, lost, text: "", at });

describe("gathering", () => {
  test("a burst is one of each kind", () => {
    const all = [news("a", true), news("b", true), news("c", true), news("b", false)].reduce(gathered, NOTHING);
    expect([all.lost.map((each) => each.id), all.back.map((each) => each.id)]).toEqual([["a", "c"], ["b"]]);
  });

  test("a camera that flickers stands once", () => {
    const all = [news("a", true), news("a", false), news("a", true), news("a", true)].reduce(gathered, NOTHING);
    expect([all.lost.length, all.back.length]).toEqual([1, 0]);
  });

  test("the latest names, and how many more", () => {
    const all = ["a", "b", "c", "d", "e"].map((id) => news(id, true));
    expect(named(all, 3)).toEqual({ names: ["Camera e", "Camera d", "Camera c"], more: 2, first: "e" });
  });
});

describe("what is shown", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("goes by itself after the last addition; the history stays", () => {
    const play = vi.fn();
    const shift = new News(play);
    shift.take(news("a", true));
    vi.advanceTimersByTime(29_000);
    shift.take(news("b", true));
    vi.advanceTimersByTime(29_000);
    expect(shift.shown.get().lost).toHaveLength(2);
    vi.advanceTimersByTime(1000);
    expect(shift.shown.get().lost).toHaveLength(0);
    expect(shift.history.get().map((each) => each.id)).toEqual(["b", "a"]);
    expect([shift.unseen.get(), play.mock.calls]).toEqual([2, [["lost"], ["lost"]]]);
    shift.seen();
    expect(shift.unseen.get()).toBe(0);
  });

  test("the history is bounded, and nobody's after a sign-out", () => {
    const shift = new News(() => undefined);
    for (let i = 0; i < 700; i += 1) shift.take(news(String(i), true, i));
    expect([shift.history.get().length, shift.history.get()[0]?.id]).toEqual([500, "699"]);
    shift.forget();
    expect([shift.history.get().length, shift.unseen.get(), shift.shown.get().lost.length]).toEqual([0, 0, 0]);
  });
});

test("sounds: two different ones, not faster than they can be told apart, none when switched off", () => {
  const played: number[] = [];
  class Context {
    currentTime = 0;
    destination = {};
    resume = async () => undefined;
    createGain = () => ({ gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined }, connect: () => undefined });
    createOscillator = () => {
      const frequency = { value: 0 };
      return { type: "", frequency, connect: (to: unknown) => to, start: () => played.push(frequency.value), stop: () => undefined };
    };
  }
  vi.stubGlobal("AudioContext", Context);
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  let allowed = true;
  const sounds = new Sounds(() => allowed);
  sounds.play("lost");
  sounds.play("lost");
  sounds.play("back");
  const [a = 0, b = 0, c = 0, d = 0] = played;
  expect(played).toHaveLength(4);
  expect([a > b, c < d]).toEqual([true, true]);
  now = 3000;
  sounds.play("lost");
  expect(played).toHaveLength(6);
  allowed = false;
  now = 9000;
  sounds.play("lost");
  expect(played).toHaveLength(6);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
