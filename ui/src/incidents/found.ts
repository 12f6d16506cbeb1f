// Incidents that somebody looks for, without regard to marks and case.

import type { Incident } from "../ipc/wire";
import { fold } from "../search/fold";

export function found(incidents: readonly Incident[], text: string, onlyOpen: boolean): Incident[] {
  const wanted = fold(text).split(" ").filter(Boolean);
  return incidents.filter((incident) => {
    const notes = incident.notes.map((note) => note.text);
    const all = fold([incident.title, incident.case_number, incident.by, ...notes].join(" "));
    return (!onlyOpen || !incident.closed) && wanted.every((word) => all.includes(word));
  });
}
