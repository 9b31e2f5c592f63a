import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { LANGUAGES, type Language } from "../i18n/catalogue.ts";
import { useMessages, useSpeech } from "../i18n/language.tsx";
import type { Person } from "../session/session.ts";
import { useSession } from "../session/use-session.ts";
import { AccountFace } from "./account.tsx";
import { shellMessages } from "./messages.ts";
import styles from "./shell.module.css";

const SCHEMES = { light: "light", dark: "dark", auto: "system" } as const;
type Scheme = keyof typeof SCHEMES;

/** Who is signed in, the language, the look, and the way out. */
export default function AccountMenu({ person }: { readonly person: Person | undefined }) {
  const messages = useMessages(shellMessages);
  const { language, speak } = useSpeech();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const session = useSession();
  return (
    <Menu position="top-start" width={232} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={styles.account ?? ""}>
          <AccountFace person={person} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {person && (
          <Menu.Label className={styles.wrap ?? ""}>
            {messages.signedInAs} {person.name}
          </Menu.Label>
        )}
        <Menu.Label>{messages.language}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(value) => speak(value as Language)}>
          {(Object.keys(LANGUAGES) as Language[]).map((each) => (
            <Menu.RadioItem key={each} value={each} lang={each}>
              {LANGUAGES[each]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Label>{messages.appearance}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as Scheme)}>
          {(Object.keys(SCHEMES) as Scheme[]).map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {messages[SCHEMES[scheme]]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {person && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconLogout size={18} stroke={1.75} />} onClick={() => session.signOut()}>
              {messages.signOut}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
