// Which records are wanted. What is typed counts after a moment; what is chosen, at once.

import { useEffect, useState } from "react";
import { Button, Menu, MenuSection, MenuTrigger } from "react-aria-components";
import { ChevronDown, X } from "lucide-react";
import type { RecordFilter, RecordKind } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { IconButton } from "../parts/icon-button";
import { MenuEntry } from "../parts/menu";
import { PaneSearch } from "../parts/pane-search";
import { readDate, writeDate, type Span } from "./dates";
import { spanned } from "./filter";
import { SubjectFilter } from "./subject-filter";
import { KINDS, kindInWords } from "./words";

const TYPING_PAUSE = 250;

type Props = {
  filter: RecordFilter;
  /** The ledger knows one kind only. */
  kinds: boolean;
  onChange: (filter: RecordFilter) => void;
};

export function Filters({ filter, kinds, onChange }: Props) {
  const set = (fields: Partial<RecordFilter>) => onChange({ ...filter, ...fields });
  return (
    <div className="pane-bar filters" role="search" aria-label={m.page_filters()}>
      <Times filter={filter} onChange={onChange} />
      <Account account={filter.account} onChange={(account) => set({ account })} />
      {kinds ? <Kinds chosen={filter.kinds} onChange={(next) => set({ kinds: next })} /> : null}
      <SubjectFilter subject={filter.subject} onChange={(subject) => set({ subject })} />
      <Words text={filter.text} onChange={(text) => set({ text })} />
    </div>
  );
}

function Times({ filter, onChange }: Pick<Props, "filter" | "onChange">) {
  const [span, setSpan] = useState<Span>("today");
  const choose = (next: Span) => {
    setSpan(next);
    if (next !== "own") onChange(spanned(filter, next, Date.now()));
  };
  return (
    <>
      <span className="filter" data-choice>
        <select aria-label={m.page_span()} value={span} onChange={(event) => choose(event.target.value as Span)}>
          <option value="hour">{m.page_span_hour()}</option>
          <option value="today">{m.page_span_today()}</option>
          <option value="yesterday">{m.page_span_yesterday()}</option>
          <option value="week">{m.page_span_week()}</option>
          <option value="all">{m.page_span_all()}</option>
          <option value="own">{m.page_span_own()}</option>
        </select>
      </span>
      {span === "own" ? (
        <>
          <Moment label={m.page_from()} at={filter.from} onChange={(from) => onChange({ ...filter, from })} />
          <Moment label={m.page_until()} at={filter.until} onChange={(until) => onChange({ ...filter, until })} />
        </>
      ) : null}
    </>
  );
}

type MomentProps = { label: string; at: number | null; onChange: (at: number | null) => void };

function Moment({ label, at, onChange }: MomentProps) {
  const [text, setText] = useState(() => writeDate(at));
  // Only a date without its year needs to know when it is read.
  const [opened] = useState(Date.now);
  const read = readDate(text, opened);
  return (
    <label className="filter" data-wrong={read === null || undefined}>
      <span className="quiet">{label}</span>
      <input
        type="text"
        className="moment"
        placeholder={m.page_date_form()}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={read === null}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const next = readDate(event.target.value, opened);
          if (next !== null) onChange(next ?? null);
        }}
      />
    </label>
  );
}

/** Text that is typed, told when the fingers rest. */
function useTyped(value: string | null, onChange: (value: string | null) => void): [string, (text: string) => void] {
  const [text, setText] = useState(value ?? "");
  const wanted = text.trim() === "" ? null : text.trim();
  useEffect(() => {
    if (wanted === value) return;
    const timer = setTimeout(() => onChange(wanted), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [wanted, value, onChange]);
  return [text, setText];
}

function Account({ account, onChange }: { account: string | null; onChange: (account: string | null) => void }) {
  const [text, setText] = useTyped(account, onChange);
  return (
    <label className="filter">
      <span className="quiet">{m.page_filter_person()}</span>
      <input
        type="text"
        className="filter-account"
        placeholder={m.page_filter_everybody()}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

function Words({ text: wanted, onChange }: { text: string | null; onChange: (text: string | null) => void }) {
  const [text, setText] = useTyped(wanted, onChange);
  return <PaneSearch label={m.page_filter_text()} value={text} onChange={setText} />;
}

function Kinds({ chosen, onChange }: { chosen: RecordKind[]; onChange: (kinds: RecordKind[]) => void }) {
  const [first] = chosen;
  const words =
    first === undefined
      ? m.page_kinds_all()
      : chosen.length === 1
        ? kindInWords(first)
        : m.page_kinds_some({ count: chosen.length });
  return (
    <span className="filter">
      <MenuTrigger>
        <Button className="text-button" aria-label={m.page_kinds({ state: words })}>
          <span>{words}</span>
          <ChevronDown className="chevron" />
        </Button>
        <CoveringPopover>
          <Menu className="menu" aria-label={m.page_kinds_all()}>
            <MenuSection
              aria-label={m.page_kinds_all()}
              selectionMode="multiple"
              selectedKeys={chosen}
              onSelectionChange={(keys) => onChange(KINDS.filter((kind) => keys !== "all" && keys.has(kind)))}
            >
              {KINDS.map((kind) => (
                <MenuEntry key={kind} id={kind} label={kindInWords(kind)} />
              ))}
            </MenuSection>
          </Menu>
        </CoveringPopover>
      </MenuTrigger>
      {chosen.length > 0 ? (
        <IconButton label={m.page_kinds_clear()} onPress={() => onChange([])}>
          <X />
        </IconButton>
      ) : null}
    </span>
  );
}
