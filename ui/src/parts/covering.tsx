// Everything that opens over the page. Each is a hole in the native wall, so that it is seen over the video.

import type { ReactNode } from "react";
import {
  Dialog,
  Heading,
  Modal,
  ModalOverlay,
  Popover,
  Tooltip,
  type PopoverProps,
  type TooltipProps,
} from "react-aria-components";
import { X } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { useHole } from "../surface/reporter";
import { IconButton } from "./icon-button";

export function CoveringPopover({ children, className = "", ...props }: PopoverProps & { children: ReactNode }) {
  const hole = useHole<HTMLElement>();
  return (
    <Popover offset={4} containerPadding={4} {...props} ref={hole} className={`popover ${className}`}>
      {children}
    </Popover>
  );
}

type CoveringTooltipProps = Pick<TooltipProps, "placement"> & { children: ReactNode; keys?: string | undefined };

export function CoveringTooltip({ children, keys, ...props }: CoveringTooltipProps) {
  const hole = useHole<HTMLDivElement>();
  return (
    <Tooltip {...props} ref={hole} className="tooltip" offset={6}>
      {children}
      {keys ? <kbd>{keys}</kbd> : null}
    </Tooltip>
  );
}

type CoveringDialogProps = {
  title: string;
  onClose: () => void;
  wide?: boolean;
  alert?: boolean;
  children: ReactNode;
};

/** The video stays bright beside it: what happens on the wall may not be hidden by a question. */
export function CoveringDialog({ title, onClose, wide = false, alert = false, children }: CoveringDialogProps) {
  const hole = useHole<HTMLDivElement>();
  return (
    <ModalOverlay isOpen isDismissable={!alert} onOpenChange={(open) => !open && onClose()} className="dialog-overlay">
      <Modal ref={hole} className={wide ? "dialog dialog-wide" : "dialog"}>
        <Dialog role={alert ? "alertdialog" : "dialog"}>
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <IconButton label={m.page_close()} onPress={onClose}>
              <X />
            </IconButton>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
