// The records that a filter leaves, page by page from the newest. A page that comes too late is dropped.

import { useEffect, useState } from "react";
import type { Record, RecordFilter } from "../ipc/wire";
import { useApp } from "../state/app";

export type RecordList = {
  records: Record[];
  /** There are older ones. */
  more: boolean;
  busy: boolean;
  older: () => void;
};

/** What was found, and for which filter; that of the last one stays until the next is there. */
type Loaded = { filter: RecordFilter | null; records: Record[]; older: number | null };

const NONE: Loaded = { filter: null, records: [], older: null };

export function useRecords(filter: RecordFilter): RecordList {
  const app = useApp();
  const [loaded, setLoaded] = useState(NONE);
  const [adding, setAdding] = useState(false);

  useEffect(() => {
    let wanted = true;
    app.backend.records(filter, null).then(
      (page) => wanted && setLoaded({ filter, ...page }),
      (error: unknown) => {
        app.refused(error);
        if (wanted) setLoaded({ ...NONE, filter });
      },
    );
    return () => {
      wanted = false;
    };
  }, [app, filter]);

  const { records, older } = loaded;
  const busy = loaded.filter !== filter || adding;
  const add = () => {
    if (busy || older === null) return;
    setAdding(true);
    app.backend
      .records(filter, older)
      .then((page) => {
        setLoaded((now) => (now.filter === filter ? { ...page, filter, records: [...now.records, ...page.records] } : now));
      }, app.refused)
      .finally(() => setAdding(false));
  };
  return { records, more: older !== null, busy, older: add };
}
