import { Button } from "react-aria-components";
import { ArrowDown, ArrowDownLeft, ArrowDownRight, ArrowLeft, ArrowRight, ArrowUp, ArrowUpLeft, ArrowUpRight, House } from "lucide-react";
import type { ReactNode } from "react";
import { m } from "../paraglide/messages.js";

type Way = { pan: number; tilt: number };

const WAYS: { way: Way | null; icon: ReactNode; label: () => string }[] = [
  { way: { pan: -1, tilt: 1 }, icon: <ArrowUpLeft />, label: m.page_ptz_up_left },
  { way: { pan: 0, tilt: 1 }, icon: <ArrowUp />, label: m.page_ptz_up },
  { way: { pan: 1, tilt: 1 }, icon: <ArrowUpRight />, label: m.page_ptz_up_right },
  { way: { pan: -1, tilt: 0 }, icon: <ArrowLeft />, label: m.page_ptz_left },
  { way: null, icon: <House />, label: m.page_ptz_home },
  { way: { pan: 1, tilt: 0 }, icon: <ArrowRight />, label: m.page_ptz_right },
  { way: { pan: -1, tilt: -1 }, icon: <ArrowDownLeft />, label: m.page_ptz_down_left },
  { way: { pan: 0, tilt: -1 }, icon: <ArrowDown />, label: m.page_ptz_down },
  { way: { pan: 1, tilt: -1 }, icon: <ArrowDownRight />, label: m.page_ptz_down_right },
];

type Props = { isDisabled: boolean; onHold: (way: Way) => void; onRelease: () => void; onHome: () => void };

/** Moves as long as a button is held, by pointer, Enter or Space. */
export function DirectionPad({ isDisabled, onHold, onRelease, onHome }: Props) {
  return (
    <div className="ptz-pad" role="group" aria-label={m.page_ptz_turn()}>
      {WAYS.map(({ way, icon, label }) => (
        <Button
          key={label()}
          className="ptz-key"
          aria-label={label()}
          isDisabled={isDisabled}
          {...(way ? { onPressStart: () => onHold(way), onPressEnd: onRelease } : { onPress: onHome })}
        >
          {icon}
        </Button>
      ))}
    </div>
  );
}
