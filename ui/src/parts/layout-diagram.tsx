import type { Layout } from "../ipc/wire";
import { tileBoxes } from "../layout/geometry";

// The gap is two units, whatever the size.
const WIDTH = 72;
const HEIGHT = 45;

/** A layout in small. Its words stand beside it. */
export function LayoutDiagram({ layout }: { layout: Layout }) {
  return (
    <svg className="diagram" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {tileBoxes(layout, WIDTH, HEIGHT, 1).map((box, index) => (
        <rect key={index} x={box.x} y={box.y} width={box.width} height={box.height} rx={1} />
      ))}
    </svg>
  );
}
