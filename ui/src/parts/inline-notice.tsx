import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { Level, Notice } from "../ipc/wire";

const ICONS: Record<Level | "done", typeof Info> = {
  info: Info,
  done: CircleCheck,
  warning: TriangleAlert,
  error: CircleAlert,
};

type Props = { notice: Omit<Notice, "level"> & { level: Level | "done" } };

/** A notice where it belongs: beside the fields that it is about. Read out when it appears. */
export function InlineNotice({ notice }: Props) {
  const Icon = ICONS[notice.level];
  return (
    <div className="inline-notice" data-level={notice.level} role={notice.level === "error" ? "alert" : "status"}>
      <Icon aria-hidden="true" />
      <div>
        <p className="inline-notice-title">{notice.title}</p>
        {notice.detail ? <p>{notice.detail}</p> : null}
      </div>
    </div>
  );
}
