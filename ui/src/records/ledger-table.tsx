// How long each camera was on somebody's screen.

import { useEffect, useMemo, useState } from "react";
import type { RecordFilter, Watched } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { SortableHead, type Head } from "../parts/sortable-head";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { percent, whole } from "../words/numbers";
import { duration, sortedLedger, type LedgerColumn, type LedgerRow, type LedgerSorting } from "./ledger";

const HEADS: Head<LedgerColumn>[] = [
  { column: "camera", label: m.page_target_camera },
  { column: "site", label: m.page_target_site },
  { column: "account", label: m.page_record_person },
  { column: "seconds", label: m.page_ledger_time, numeric: true },
  { column: "watches", label: m.page_ledger_watches, numeric: true },
  { column: "largest", label: m.page_ledger_largest, numeric: true },
  { column: "share", label: m.page_ledger_share, numeric: true },
];

export function LedgerTable({ filter }: { filter: RecordFilter }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const language = useStore(app.settings, (settings) => settings.language);
  const [sorting, setSorting] = useState<LedgerSorting>({ column: "seconds", descending: true });
  const [watched, setWatched] = useState<Watched[] | null>(null);
  useEffect(() => {
    let wanted = true;
    app.backend.watched(filter).then((all) => wanted && setWatched(all), app.refused);
    return () => {
      wanted = false;
    };
  }, [app, filter]);
  const rows = useMemo(() => {
    const all = (watched ?? []).map((each): LedgerRow => {
      const place = inventory.places.get(each.camera);
      return { watched: each, camera: place?.camera.name ?? each.camera, site: place?.site.name ?? "" };
    });
    return sortedLedger(all, sorting, language);
  }, [watched, inventory, sorting, language]);

  if (watched?.length === 0) {
    return (
      <div className="nothing" role="status">
        <p>{m.page_ledger_none()}</p>
        <p className="nothing-hint">{m.page_records_none_hint()}</p>
      </div>
    );
  }
  return (
    <div className="table-scroll" role="region" aria-label={m.page_ledger_tab()} tabIndex={0}>
      <table className="table table-long">
        <SortableHead heads={HEADS} sorting={sorting} onSort={setSorting} />
        <tbody>
          {rows.map(({ watched: each, camera, site }) => (
            <tr key={`${each.camera}/${each.account}`}>
              <th scope="row">
                <bdi>{camera}</bdi>
              </th>
              <td>
                <bdi>{site}</bdi>
              </td>
              <td>
                <bdi>{each.account}</bdi>
              </td>
              <td data-numeric className="table-strong">
                {each.unended > 0 ? <Unended count={each.unended} /> : null}
                {duration(each.seconds)}
              </td>
              <td data-numeric>{whole(each.watches, language)}</td>
              <td data-numeric>{m.page_monitor_size({ width: each.largest[0], height: each.largest[1] })}</td>
              <td data-numeric>{percent(each.share, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** After a crash nobody knows how long it really was. */
function Unended({ count }: { count: number }) {
  return (
    <span className="unended" title={m.page_ledger_unended({ count })}>
      <span aria-hidden="true">{m.page_about_sign()}</span>
      <span className="unseen">{m.page_ledger_unended({ count })}</span>
    </span>
  );
}
