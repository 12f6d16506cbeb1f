import { ExportDialog } from "../evidence/export-dialog";
import { SheetDialog } from "../handover/sheet-dialog";
import { BookmarkDialog } from "../incidents/bookmark-dialog";
import { LoginDialog } from "../me/login-dialog";
import { MotionDialog } from "../playback/motion/motion-dialog";
import { useApp, type App } from "../state/app";
import { useStore } from "../state/store";
import { KeepViewDialog } from "../steer/keep-view-dialog";
import { LensDialog } from "../steer/lens-dialog";
import { focusWall } from "../wall/focus";
import { CloseDialog } from "./close";
import { HandOverDialog } from "./hand-over";
import { HelpDialog } from "./help";
import { OutlookDialog } from "./outlook";

/** Also while the page could not be loaded: its window can be closed all the same. */
export function OpenDialog() {
  const app = useApp();
  const dialog = useStore(app.view, (view) => view.dialog);
  const doubt = useStore(app.outlook.doubt);
  if (doubt) return <OutlookDialog />;
  if (dialog === "help") return <HelpDialog />;
  if (dialog === "handover_sheet") return <SheetDialog />;
  if (dialog === "hand_over") return <HandOverDialog />;
  if (dialog === "close") return <CloseDialog />;
  if (!dialog) return null;
  const close = () => backToWall(app);
  if ("keepView" in dialog) return <KeepViewDialog at={dialog.keepView} onClose={close} />;
  if ("bookmark" in dialog) return <BookmarkDialog draft={dialog.bookmark} onClose={close} />;
  if ("export" in dialog) return <ExportDialog draft={dialog.export} onClose={close} />;
  if ("motion" in dialog) return <MotionDialog draft={dialog.motion} onClose={close} />;
  if ("lens" in dialog) return <LensDialog camera={dialog.lens} at={dialog.at} onClose={close} />;
  return <LoginDialog login={{ target: dialog.login }} onClose={close} />;
}

/** The tile's menu that a dialog came from is gone, and with it where the focus would go back to. */
function backToWall(app: App): void {
  app.view.patch({ dialog: null });
  if (app.view.get().workspace === "wall") requestAnimationFrame(focusWall);
}
