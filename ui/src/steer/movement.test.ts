import { expect, test } from "vitest";
import type { Change } from "../ipc/wire";
import { Movement } from "./movement";

function slow() {
  const sent: [number, Change, boolean][] = [];
  const answers: (() => void)[] = [];
  const movement = new Movement((at, change, goesOn) => {
    sent.push([at, change, goesOn]);
    return new Promise((done) => answers.push(done));
  });
  const answer = async () => {
    answers.shift()?.();
    await new Promise((done) => setTimeout(done, 0));
  };
  return { movement, sent, answer };
}

test("one request is under way, and what comes meanwhile is gathered", async () => {
  const { movement, sent, answer } = slow();
  movement.pan(2, { x: 0.25, y: 0 });
  movement.pan(2, { x: 0.5, y: 0.125 });
  movement.pan(2, { x: 0.25, y: -0.25 });
  expect(sent).toEqual([[2, { kind: "pan", x: 0.25, y: 0 }, true]]);
  await answer();
  expect(sent[1]).toEqual([2, { kind: "pan", x: 0.75, y: -0.125 }, true]);
  movement.end(2);
  await answer();
  expect(sent[2]).toEqual([2, { kind: "pan", x: 0, y: 0 }, false]);
  await answer();
  expect(sent).toHaveLength(3);
});

test("the end of a movement is told with its last piece, and the next one begins anew", async () => {
  const { movement, sent, answer } = slow();
  movement.pan(0, { x: 0.5, y: 0 });
  movement.pan(0, { x: 0.25, y: 0 });
  movement.end(0);
  movement.pan(0, { x: 0.125, y: 0 });
  await answer();
  await answer();
  expect(sent.slice(1)).toEqual([
    [0, { kind: "pan", x: 0.25, y: 0 }, false],
    [0, { kind: "pan", x: 0.125, y: 0 }, true],
  ]);
});

test("notches of the wheel multiply, and one tile's are not the other's", async () => {
  const { movement, sent, answer } = slow();
  for (const at of [1, 1, 1, 4]) movement.zoom(at, 2, { x: 0.5, y: at / 8 });
  await answer();
  await answer();
  expect(sent.map(([at, change]) => [at, change.kind === "zoom" && change.factor])).toEqual([
    [1, 2],
    [1, 4],
    [4, 2],
  ]);
});
