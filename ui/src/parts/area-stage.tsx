// Parts of a picture that are drawn on it with the mouse. What is drawn here can be typed beside it: for the keyboard it is a
// picture.

import { useState, type CSSProperties, type PointerEvent } from "react";
import type { PicturePart } from "../ipc/wire";
import { partOf, pointIn, WHOLE, type Point } from "./areas";

type Props = {
  image: { src: string; alt: string } | null;
  /** What is said where there is no picture. */
  empty: string;
  parts: readonly PicturePart[];
  /** What is drawn where one is, besides its number. */
  look: (index: number) => string;
  onPart: (part: PicturePart) => void;
};

export function AreaStage({ image, empty, parts, look, onPart }: Props) {
  const [corner, setCorner] = useState<Point | null>(null);
  const [drawn, setDrawn] = useState<PicturePart | null>(null);
  const at = (event: PointerEvent<HTMLDivElement>) => pointIn(event.currentTarget.getBoundingClientRect(), event);
  const end = (event: PointerEvent<HTMLDivElement>) => {
    if (!corner) return;
    const part = partOf(corner, at(event));
    setCorner(null);
    setDrawn(null);
    if (part) onPart(part);
  };
  const shown = drawn ? [...parts, drawn] : parts;
  return (
    <div
      className="mask-stage"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setCorner(at(event));
      }}
      onPointerMove={(event) => corner && setDrawn(partOf(corner, at(event)))}
      onPointerUp={end}
      onPointerCancel={() => {
        setCorner(null);
        setDrawn(null);
      }}
    >
      {image ? (
        <img src={image.src} draggable={false} alt={image.alt} />
      ) : (
        <p className="mask-empty" role="status">
          {empty}
        </p>
      )}
      {shown.map((part, index) => (
        <div key={index} className="mask" data-look={look(index)} style={placed(part)}>
          {index + 1}
        </div>
      ))}
    </div>
  );
}

export function placed({ x, y, width, height }: PicturePart): CSSProperties {
  const share = (part: number) => `${(part / WHOLE) * 100}%`;
  return { left: share(x), top: share(y), width: share(width), height: share(height) };
}
