import type { ReactNode } from "react";
import {
  Header,
  Keyboard,
  Menu,
  MenuItem,
  MenuSection,
  SubmenuTrigger,
  Text,
  type MenuItemProps,
} from "react-aria-components";
import { Check, ChevronRight } from "lucide-react";
import { CoveringPopover } from "./covering";

type EntryProps = Omit<MenuItemProps, "children"> & { label: string; keys?: string; icon?: ReactNode };

/** An entry; within a section that selects, the chosen one carries a tick. */
export function MenuEntry({ label, keys, icon, ...props }: EntryProps) {
  return (
    <MenuItem {...props} textValue={label} className="menu-item">
      {({ isSelected, selectionMode, hasSubmenu }) => (
        <>
          <span className="menu-icon">{selectionMode === "none" ? icon : isSelected ? <Check /> : null}</span>
          <Text slot="label">{label}</Text>
          {keys ? <Keyboard>{keys}</Keyboard> : null}
          {hasSubmenu ? <ChevronRight className="menu-more" /> : null}
        </>
      )}
    </MenuItem>
  );
}

type ChoiceProps<K extends string> = {
  label: string;
  /** Shown above, where the menu does not already say it. */
  heading?: boolean;
  choices: { key: K; label: string }[];
  chosen: K;
  onChoose: (key: K) => void;
};

/** One of several, in place. */
export function MenuChoice<K extends string>({ label, heading = false, choices, chosen, onChoose }: ChoiceProps<K>) {
  return (
    <MenuSection
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const key = choices.find((choice) => keys !== "all" && keys.has(choice.key))?.key;
        if (key !== undefined && key !== chosen) onChoose(key);
      }}
    >
      {heading ? <Header>{label}</Header> : null}
      {choices.map((choice) => (
        <MenuEntry key={choice.key} id={choice.key} label={choice.label} />
      ))}
    </MenuSection>
  );
}

type SubmenuProps = { label: string; keys?: string; icon?: ReactNode; isDisabled?: boolean; children: ReactNode };

export function Submenu({ label, keys, icon, isDisabled = false, children }: SubmenuProps) {
  return (
    <SubmenuTrigger>
      <MenuEntry label={label} icon={icon} isDisabled={isDisabled} {...(keys ? { keys } : {})} />
      <CoveringPopover offset={-2}>
        <Menu className="menu" aria-label={label}>
          {children}
        </Menu>
      </CoveringPopover>
    </SubmenuTrigger>
  );
}
