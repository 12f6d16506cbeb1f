import type { Record } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { whole } from "../words/numbers";
import { roleName } from "../words/roles";
import { exactly } from "../words/times";
import { kindInWords } from "./words";

/** All that a record says. The names of its details are those of the log, so that an export can be searched for them. */
export function Particulars({ record }: { record: Record | undefined }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  return (
    <aside className="particulars" aria-label={m.page_record_details()} aria-live="polite">
      {record ? (
        <>
          <p className="particulars-text">
            <bdi>{record.text}</bdi>
          </p>
          <dl className="facts">
            <Fact name={m.page_record_number()} value={whole(record.sequence, language)} />
            <Fact name={m.page_record_at()} value={exactly(record.at, language)} />
            <Fact name={m.page_record_person()} value={record.account || m.page_record_program()} />
            {record.role ? <Fact name={m.page_role()} value={roleName(record.role)} /> : null}
            <Fact name={m.page_record_workstation()} value={record.workstation} />
            <Fact name={m.page_record_kind()} value={kindInWords(record.kind)} />
          </dl>
          {record.details.length > 0 ? (
            <dl className="facts facts-raw" aria-label={m.page_record_details()}>
              {record.details.map(([name, value], index) => (
                <Fact key={index} name={name} value={value} />
              ))}
            </dl>
          ) : null}
        </>
      ) : (
        <p className="quiet">{m.page_record_choose()}</p>
      )}
    </aside>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}
