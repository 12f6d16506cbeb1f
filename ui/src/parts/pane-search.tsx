import { Search } from "lucide-react";

type Props = { label: string; value: string; onChange: (text: string) => void };

/** The field that a workspace's list is searched by; `/` goes to it from anywhere there. Escape empties it, then leaves. */
export function PaneSearch({ label, value, onChange }: Props) {
  return (
    <label className="pane-search">
      <Search aria-hidden="true" />
      <input
        data-search=""
        type="text"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.preventDefault();
          onChange("");
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}
