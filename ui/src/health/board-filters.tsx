import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { Search } from "lucide-react";
import type { Condition } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { inOrder } from "../words/times";
import { ConditionIcon } from "./condition-mark";
import type { Filter, Order } from "./rows";
import { CONDITIONS, type Tally } from "./standing";
import { conditionInWords } from "./words";

type Props = {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  counts: Tally;
};

/** Which lines are seen. A condition that nothing has stays, so that nothing jumps. */
export function BoardFilters({ filter, onFilter, counts }: Props) {
  const app = useApp();
  const { districts } = useStore(app.inventory);
  const language = useStore(app.settings, (settings) => settings.language);
  const names = districts.map((district) => district.name).toSorted((a, b) => inOrder(a, b, language));
  return (
    <div className="board-filters" role="search">
      <div className="search board-search">
        <Search aria-hidden="true" />
        <input
          type="text"
          data-search
          aria-label={m.page_board_search()}
          placeholder={m.page_board_search()}
          spellCheck={false}
          autoComplete="off"
          value={filter.text}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || filter.text === "") return;
            onFilter({ ...filter, text: "" });
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      </div>
      <div className="field-box board-district" data-choice>
        <select
          aria-label={m.page_board_district()}
          value={filter.district ?? ""}
          onChange={(event) => onFilter({ ...filter, district: event.target.value || null })}
        >
          <option value="">{m.page_board_all_districts()}</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <ToggleButtonGroup
        className="chips"
        aria-label={m.page_board_condition()}
        selectionMode="multiple"
        selectedKeys={filter.conditions}
        onSelectionChange={(keys) => onFilter({ ...filter, conditions: new Set([...keys] as Condition[]) })}
      >
        {CONDITIONS.map((condition) => (
          <ToggleButton key={condition} id={condition} className="chip" data-none={counts[condition] === 0 || undefined}>
            <ConditionIcon condition={condition} />
            {conditionInWords(condition)}
            <span className="chip-count">{counts[condition]}</span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

export function OrderSwitch({ order, onOrder }: { order: Order; onOrder: (order: Order) => void }) {
  return (
    <ToggleButtonGroup
      className="switch"
      aria-label={m.page_board_order()}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[order]}
      onSelectionChange={(keys) => onOrder([...keys][0] as Order)}
    >
      <ToggleButton id="attention" className="tab">
        {m.page_board_by_attention()}
      </ToggleButton>
      <ToggleButton id="place" className="tab">
        {m.page_board_by_place()}
      </ToggleButton>
    </ToggleButtonGroup>
  );
}
