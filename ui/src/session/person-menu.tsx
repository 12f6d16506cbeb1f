import { Button, Header, Menu, MenuSection, MenuTrigger, Separator } from "react-aria-components";
import { ArrowRightLeft, ChevronDown, FileText, KeyRound, Lock, LogOut, UserRound } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { MenuEntry } from "../parts/menu";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { isolated } from "../words/names";
import { roleName } from "../words/roles";

/** Who works here, and how they go. */
export function PersonMenu() {
  const app = useApp();
  const session = useStore(app.session);
  const person = session?.person;
  if (!person) return null;
  const role = roleName(person.role);
  return (
    <MenuTrigger>
      <Button
        className="text-button person-button"
        aria-label={m.page_person_menu({ name: isolated(person.name), role })}
      >
        <UserRound />
        <bdi className="person-name">{person.name}</bdi>
        <ChevronDown className="chevron" />
      </Button>
      <CoveringPopover placement="bottom end">
        <Menu className="menu person-menu" aria-label={m.page_person()}>
          <MenuSection>
            <Header className="person-head">
              <bdi>{person.name}</bdi>
              <span>{role}</span>
            </Header>
            <MenuEntry icon={<Lock />} label={m.page_lock()} keys="Ctrl+L" onAction={() => app.run(app.backend.lock())} />
            <MenuEntry
              icon={<ArrowRightLeft />}
              label={m.page_hand_over_menu()}
              isDisabled={session.demo}
              onAction={() => app.view.patch({ dialog: "hand_over" })}
            />
            {app.may("view") ? (
              <MenuEntry
                icon={<FileText />}
                label={m.page_handover()}
                onAction={() => app.view.patch({ dialog: "handover_sheet" })}
              />
            ) : null}
          </MenuSection>
          <Separator />
          <MenuEntry icon={<KeyRound />} label={m.page_work_me()} keys="Alt+7" onAction={() => app.go("me")} />
          <Separator />
          <MenuEntry icon={<LogOut />} label={m.page_sign_out()} onAction={() => app.run(app.backend.signOut())} />
        </Menu>
      </CoveringPopover>
    </MenuTrigger>
  );
}
