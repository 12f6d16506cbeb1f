// The records as a list with its particulars beside it. Only the rows in view are in the page.

import { useState, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import type { Record, RecordFilter } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Rows, useRowHeight } from "../parts/rows";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { records as counted } from "../words/counts";
import { exactly } from "../words/times";
import { Particulars } from "./particulars";
import { useRecords } from "./use-records";
import { kindInWords } from "./words";

const rowId = (sequence: number) => `record-${sequence}`;

export function RecordsTable({ filter }: { filter: RecordFilter }) {
  const { records, more, busy, older } = useRecords(filter);
  const [chosen, setChosen] = useState<number | null>(null);
  const rowHeight = useRowHeight(28 / 13);
  const found = records.findIndex(({ sequence }) => sequence === chosen);
  const active = found < 0 ? null : found;
  const record = active === null ? undefined : records[active];

  const go = (index: number) => {
    setChosen(records[Math.min(Math.max(0, index), records.length - 1)]?.sequence ?? null);
    // What comes next is there before the hand reaches the end.
    if (more && index >= records.length - 20) older();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = active ?? -1;
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 1);
    if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else if (event.key === "PageDown") go(at + page);
    else if (event.key === "PageUp") go(at - page);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(records.length - 1);
    else return;
    event.preventDefault();
  };

  return (
    <div className="records">
      <div className="records-list">
        <div className="record record-head" aria-hidden="true">
          <span>{m.page_record_at()}</span>
          <span>{m.page_record_person()}</span>
          <span>{m.page_record_kind()}</span>
          <span>{m.page_record_text()}</span>
        </div>
        {!busy && records.length === 0 ? (
          <div className="nothing">
            <p>{m.page_records_none()}</p>
            <p className="nothing-hint">{m.page_records_none_hint()}</p>
          </div>
        ) : (
          <Rows
            count={records.length}
            rowHeight={rowHeight}
            active={active}
            attributes={{
              role: "listbox",
              "aria-label": m.page_records_tab(),
              tabIndex: 0,
              "aria-activedescendant": record ? rowId(record.sequence) : undefined,
              onKeyDown,
              onFocus: () => active === null && records.length > 0 && go(0),
            }}
            row={(index, style) => {
              const each = records[index];
              if (!each) return null;
              return (
                <Row
                  key={each.sequence}
                  record={each}
                  index={index}
                  count={more ? -1 : records.length}
                  active={index === active}
                  style={style}
                  onChoose={() => setChosen(each.sequence)}
                />
              );
            }}
          />
        )}
        <div className="records-foot">
          <span className="quiet" role="status">
            {busy ? m.page_records_loading() : more ? m.page_records_more({ records: counted(records.length) }) : counted(records.length)}
          </span>
          {more ? (
            <Button className="button button-small" isPending={busy} onPress={older}>
              {m.page_records_older()}
            </Button>
          ) : null}
        </div>
      </div>
      <Particulars record={record} />
    </div>
  );
}

type RowProps = {
  record: Record;
  index: number;
  /** -1 while nobody knows. */
  count: number;
  active: boolean;
  style: React.CSSProperties;
  onChoose: () => void;
};

function Row({ record, index, count, active, style, onChoose }: RowProps) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  return (
    <div
      id={rowId(record.sequence)}
      role="option"
      aria-selected={active}
      aria-posinset={index + 1}
      aria-setsize={count}
      className="row record"
      data-kind={record.kind}
      style={style}
      onPointerDown={onChoose}
    >
      <span className="record-at">{exactly(record.at, language)}</span>
      <bdi className="record-account">{record.account || m.page_record_program()}</bdi>
      <span className="record-kind">{kindInWords(record.kind)}</span>
      <bdi className="record-text">{record.text}</bdi>
    </div>
  );
}
