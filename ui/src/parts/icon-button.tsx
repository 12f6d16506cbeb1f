import type { ReactNode } from "react";
import { Button, ToggleButton, TooltipTrigger, type ButtonProps, type ToggleButtonProps } from "react-aria-components";
import { CoveringTooltip } from "./covering";

type Labelled = { label: string; keys?: string | undefined; children: ReactNode };

const TOOLTIP_DELAY = 600;

/** A button that shows a sign; its name is read out and shown after a moment. */
export function IconButton({ label, keys, children, className, ...props }: Labelled & Omit<ButtonProps, "children">) {
  return (
    <TooltipTrigger delay={TOOLTIP_DELAY} closeDelay={0}>
      <Button {...props} aria-label={label} className={`icon-button ${className ?? ""}`}>
        {children}
      </Button>
      <CoveringTooltip keys={keys}>{label}</CoveringTooltip>
    </TooltipTrigger>
  );
}

export function IconToggle({
  label,
  keys,
  children,
  className,
  ...props
}: Labelled & Omit<ToggleButtonProps, "children">) {
  return (
    <TooltipTrigger delay={TOOLTIP_DELAY} closeDelay={0}>
      <ToggleButton {...props} aria-label={label} className={`icon-button ${className ?? ""}`}>
        {children}
      </ToggleButton>
      <CoveringTooltip keys={keys}>{label}</CoveringTooltip>
    </TooltipTrigger>
  );
}
