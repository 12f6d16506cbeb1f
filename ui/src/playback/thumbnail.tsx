// The small picture that follows the pointer along the time line: what the selected camera recorded there.

import { useEffect, useRef, useState } from "react";
import type { Id, RecordedPicture } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useHole } from "../surface/reporter";
import { moment } from "./words";

/** A pointer that only passes by asks for nothing. */
const RESTS = 150;
/** CSS pixels of the picture; it comes a little larger. */
const WIDTH = 200;

type Props = {
  wall: number;
  camera: Id;
  name: string;
  /** Milliseconds since 1970, and what a pixel of the time line is. */
  at: number;
  pixel: number;
  /** Somebody drags: there is nothing to wait for. */
  held: boolean;
  /** From the left edge of what it stands over, and how wide that is. */
  x: number;
  width: number;
};

export function Thumbnail({ wall, camera, name, at, pixel, held, x, width }: Props) {
  const hole = useHole<HTMLDivElement>();
  const picture = useRecordedPicture(wall, camera, at, pixel, held);
  const left = Math.min(Math.max(x - WIDTH / 2, 0), Math.max(width - WIDTH, 0));
  if (picture === null) return null;
  return (
    <div ref={hole} className="thumbnail" style={{ left, width: WIDTH }}>
      <img src={picture.data} alt={m.page_playback_picture({ name, time: moment(picture.at / 1000) })} draggable={false} />
      {/* The row under the pointer may be another camera's. */}
      <bdi className="thumbnail-name" aria-hidden="true">
        {name}
      </bdi>
      <span aria-hidden="true">{moment(picture.at / 1000)}</span>
    </div>
  );
}

/** The newest place wins, and never is more than one question under way. Null: none yet, or nothing was recorded there. */
function useRecordedPicture(wall: number, camera: Id, at: number, pixel: number, held: boolean): RecordedPicture | null {
  const app = useApp();
  const [picture, setPicture] = useState<{ camera: Id; found: RecordedPicture } | null>(null);
  const wanted = useRef<Wanted | null>(null);
  const asks = useRef(false);
  useEffect(() => {
    const ask = async () => {
      if (asks.current) return;
      asks.current = true;
      for (let asked: Wanted | null = null; asked !== wanted.current; ) {
        asked = wanted.current;
        if (!asked) break;
        // What is refused is told on the tile.
        const found = await app.backend.recordedPicture(asked.wall, asked.camera, asked.at, asked.within).catch(() => null);
        if (wanted.current) setPicture(found && { camera: asked.camera, found });
      }
      asks.current = false;
    };
    const wish = { wall, camera, at: Math.round(at * 1000), within: Math.round(pixel * 2) };
    const timer = setTimeout(
      () => {
        wanted.current = wish;
        void ask();
      },
      held ? 0 : RESTS,
    );
    return () => clearTimeout(timer);
  }, [app, wall, camera, at, pixel, held]);
  useEffect(
    () => () => {
      wanted.current = null;
    },
    [],
  );
  return picture?.camera === camera ? picture.found : null;
}

type Wanted = { wall: number; camera: Id; at: number; within: number };
