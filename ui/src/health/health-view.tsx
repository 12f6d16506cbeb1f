// How all cameras and recorders stand, also those that nobody watches.

import { useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { FileText } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { Frame } from "../workspaces/frame";
import { BoardFilters, OrderSwitch } from "./board-filters";
import { BoardTable } from "./board-table";
import { Particulars } from "./particulars";
import { ALL, boardLines, cameraLines, chosen, tally, type Filter, type Line, type Order } from "./rows";
import { Totals } from "./totals";
import { useBoard } from "./use-board";

const NO_LINES: Line[] = [];

export function HealthView() {
  const app = useApp();
  const board = useBoard();
  const problem = useStore(app.health.problem);
  const { districts } = useStore(app.inventory);
  const language = useStore(app.settings, (settings) => settings.language);
  const [filter, setFilter] = useState<Filter>(ALL);
  const [order, setOrder] = useState<Order>("attention");
  const [activeKey, setActiveKey] = useState<string | null>(null);

  const cameras = useMemo(() => cameraLines(districts, board), [districts, board]);
  const shown = useMemo(() => chosen(cameras, filter), [cameras, filter]);
  // Before the first answer nothing is known: a table full of question marks would say less than nothing.
  const lines = useMemo(
    () => (board ? boardLines(shown, board, order, language) : NO_LINES),
    [shown, board, order, language],
  );
  const counts = useMemo(() => tally(cameras, filter), [cameras, filter]);
  // A new board is a new moment, whatever its lines are.
  // eslint-disable-next-line react-hooks/exhaustive-deps, react-hooks/purity
  const now = useMemo(() => Date.now(), [board]);
  const found = lines.findIndex((line) => line.key === activeKey);
  const active = found < 0 ? Math.max(0, lines.findIndex((line) => line.kind === "camera")) : found;

  return (
    <Frame
      workspace="health"
      actions={
        <>
          <OrderSwitch order={order} onOrder={setOrder} />
          {app.may("view") ? (
            <Button className="text-button" onPress={() => app.view.patch({ dialog: "handover_sheet" })}>
              <FileText />
              <span>{m.page_handover()}</span>
            </Button>
          ) : null}
        </>
      }
    >
      <div className="board">
        <BoardFilters filter={filter} onFilter={setFilter} counts={counts} />
        {problem ? <InlineNotice notice={problem} /> : null}
        {lines.length > 0 ? (
          <BoardTable lines={lines} active={active} now={now} onActive={setActiveKey} />
        ) : (
          <p className="workspace-empty" role="status">
            {emptyInWords(districts.length, board !== null)}
          </p>
        )}
        <Particulars line={lines[active]} now={now} />
        <Totals cameras={shown} board={board} />
      </div>
    </Frame>
  );
}

function emptyInWords(districts: number, asked: boolean): string {
  if (districts === 0) return m.page_no_inventory();
  return asked ? m.page_board_none() : m.page_board_asking();
}
