import { Building2, Cctv, HardDrive, MapPin } from "lucide-react";
import type { Subject } from "../ipc/wire";

const ICONS = { camera: Cctv, recorder: HardDrive, site: Building2, district: MapPin };

export function SubjectIcon({ subject }: { subject: Pick<Subject, "kind"> }) {
  const Icon = ICONS[subject.kind];
  return <Icon className="row-icon" aria-hidden="true" />;
}
