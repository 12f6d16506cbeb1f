import { memo } from "react";
import { m } from "../paraglide/messages.js";
import { onPaper, pathOf, type LatLon, type Point } from "./geometry";
import { besideMarks } from "./label-places";
import { BEYOND, DISTRICTS } from "./outlines";
import type { Viewport } from "./viewport";

const LAND = pathOf([BEYOND]);
const OUTLINES = DISTRICTS.map((district) => ({ name: district.name, path: pathOf(district.rings), label: onPaper(district.label) }));

/** The sea is the ground; land and districts lie on it. */
export function Land({ view }: { view: Viewport }) {
  return (
    <svg className="map-land" aria-hidden="true">
      <g transform={`scale(${view.scale}) translate(${-view.left} ${-view.top})`}>
        <Shapes />
      </g>
    </svg>
  );
}

const Shapes = memo(function Shapes() {
  return (
    <>
      <path className="map-beyond" d={LAND} />
      {OUTLINES.map(({ name, path }) => (
        <path key={name} className="map-district" d={path} />
      ))}
    </>
  );
});

/** Around the province; names of provinces are the same in both languages. */
const BESIDE: { place: LatLon; name: () => string; sea?: boolean }[] = [
  { place: [10.58, 104.52], name: m.page_map_cambodia },
  { place: [10.46, 105.1], name: () => "An Giang" },
  { place: [10.12, 105.5], name: () => "Cần Thơ" },
  { place: [9.76, 105.52], name: () => "Hậu Giang" },
  { place: [9.44, 105.44], name: () => "Bạc Liêu" },
  { place: [9.4, 105.0], name: () => "Cà Mau" },
  { place: [9.98, 104.36], name: m.page_map_sea, sea: true },
];

/** Pixels of a letter, on average. */
const LETTER = 6.2;

type LabelsProps = { scale: number; marks: Point[]; language: string };

/** Drawn at the scale that the marks are drawn at; only what they stand on is moved. */
export const Labels = memo(function Labels({ scale, marks }: LabelsProps) {
  const places = besideMarks(
    OUTLINES.map(({ name, label }) => ({ at: { x: label.x * scale, y: label.y * scale }, width: name.length * LETTER })),
    marks,
  );
  const style = ({ x, y }: Point) => ({ transform: `translate(${x}px, ${y}px) translate(-50%, -50%)` });
  const beside = (place: LatLon) => {
    const { x, y } = onPaper(place);
    return style({ x: x * scale, y: y * scale });
  };
  return (
    <div aria-hidden="true">
      {BESIDE.map(({ place, name, sea }) => (
        <span key={name()} className="map-label" data-beside data-sea={sea} style={beside(place)}>
          {name()}
        </span>
      ))}
      {OUTLINES.map(({ name, label }, index) => (
        <span key={name} className="map-label" style={style(places[index] ?? label)}>
          {name}
        </span>
      ))}
    </div>
  );
});
