import { useStore } from "../state/store";
import { useHole } from "../surface/reporter";
import { drawnBox } from "./hand";

/** The box that is being drawn: four lines, each seen over the video, and the picture within. */
export function DrawnBox() {
  const box = useStore(drawnBox);
  if (!box) return null;
  const { x, y, width, height } = box;
  return (
    <div aria-hidden="true">
      <Line left={x} top={y} width={width} height={2} />
      <Line left={x} top={y + height - 2} width={width} height={2} />
      <Line left={x} top={y} width={2} height={height} />
      <Line left={x + width - 2} top={y} width={2} height={height} />
    </div>
  );
}

function Line(style: { left: number; top: number; width: number; height: number }) {
  const hole = useHole<HTMLDivElement>();
  return <div ref={hole} className="drawn-line" style={style} />;
}
