import type { Board } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { cameras as camerasInWords } from "../words/counts";
import { measured, whole } from "../words/numbers";
import { clock } from "../words/times";
import type { CameraLine } from "./rows";
import { needsAttention } from "./standing";

/** What is seen, in one line. */
export function Totals({ cameras, board }: { cameras: CameraLine[]; board: Board | null }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const attention = cameras.filter((line) => needsAttention(line.health.condition)).length;
  const live = cameras.filter((line) => line.health.condition === "live").length;
  const mbps = cameras.reduce((sum, line) => sum + line.health.mbps, 0);
  return (
    <p className="board-totals">
      <span>{camerasInWords(cameras.length)}</span>
      <span>{m.page_board_total_attention({ count: whole(attention, language) })}</span>
      <span>{m.page_board_total_live({ count: whole(live, language) })}</span>
      <span>{m.page_figure_rate({ rate: measured(mbps, language) })}</span>
      <span className="bar-space" />
      {board ? (
        <span>
          {board.complete === null ? m.page_board_incomplete() : m.page_board_complete({ when: clock(board.complete, language) })}
        </span>
      ) : null}
    </p>
  );
}
